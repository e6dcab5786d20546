import { closeSession } from './close-session.ts';
import { FOLDERS_BASE } from './job-folder.ts';
import { hardenProcess } from './own-process.ts';
import { removeAsRoot } from './remove-as-root.ts';
import { runPost } from './run-post.ts';
import { runnerToolkit } from './toolkit.ts';

/** What GitHub runs when the job's other steps are done, however they ended. */
hardenProcess();
const well = await runPost({
  toolkit: runnerToolkit,
  environment: process.env,
  folders: { base: FOLDERS_BASE, uid: process.getuid?.() ?? 0 },
  closeSession,
  removeAsRoot,
  writeReport: async (bundle, out, verification) => (await import('#report/write-report.ts')).writeReport(bundle, out, verification),
  // Loaded only when there is something to upload: the client brings megabytes of Azure's libraries with it.
  uploadFiles: async (files) => (await import('./upload.ts')).uploadFiles(files),
  attestEvidence: async (request) => (await import('./attest.ts')).attestEvidence(request),
  uploadFile: async (path, retentionDays) => (await import('./upload.ts')).uploadFile(path, retentionDays),
});
process.exit(well ? 0 : 1);
