/**
 * Installs what the tests need and the package manager does not bring: once a machine, then kept. Tests run offline.
 */
import { zig } from '#build/zig.ts';
import { installAct } from './servers/act.ts';
import { installBrowser } from './servers/browser.ts';
import { installClients } from './servers/clients.ts';
import { installFaketime } from './servers/faketime.ts';
import { installPostgres } from './servers/postgres-install.ts';
import { prepareTestUsers } from './wrapper/users.ts';

await installPostgres(15);
await installPostgres(18);
await installClients();
await installAct();
await zig();
await installBrowser();
await installFaketime();
prepareTestUsers();
