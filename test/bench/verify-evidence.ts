/** `node verify-evidence.ts FOLDER`: verifies the bundle there. Prints what it took. */
import { openBundleFolder } from '#adapters/files/bundle-folder.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';

const [path = ''] = process.argv.slice(2);
const started = performance.now();
const folder = openBundleFolder(path);
const { verdict, counts } = await verifyBundle(folder);
const bytes = (await folder.members()).reduce((sum, member) => sum + member.bytes, 0);
folder.close();
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ verdict, entries: counts.entries, bytes, seconds, rssKib: process.resourceUsage().maxRSS }));
