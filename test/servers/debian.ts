import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Installs a package of Debian or its kin; as root. */
export async function installDebianPackage(name: string): Promise<void> {
  try {
    console.log(`installing ${name} …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await promisify(execFile)('apt-get', ['update', '--quiet'], { env });
    await promisify(execFile)('apt-get', ['install', '--yes', '--quiet', '--no-install-recommends', name], { env });
  } catch (cause) {
    throw new Error(`Cannot install ${name}: apt-get install failed, expected root on Debian, or ${name} on the machine`, { cause });
  }
}
