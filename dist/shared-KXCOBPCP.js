import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  launcherScript
} from "./shared-QNMJZBHG.js";
import {
  removeAsRoot
} from "./shared-6N2L75QO.js";
import {
  WrapError,
  findTools,
  messageOf
} from "./shared-XY3COEPW.js";
import {
  encodeResize,
  encodeStream
} from "./shared-ZTYEZK3O.js";
import {
  __commonJS,
  __require,
  __toESM
} from "./shared-7VOT6GHQ.js";

// node_modules/node-pty/lib/utils.js
var require_utils = __commonJS({
  "node_modules/node-pty/lib/utils.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.assign = assign;
    exports.loadNativeModule = loadNativeModule;
    function assign(target) {
      var sources = [];
      for (var _i = 1; _i < arguments.length; _i++) {
        sources[_i - 1] = arguments[_i];
      }
      sources.forEach(function(source) {
        return Object.keys(source).forEach(function(key) {
          return target[key] = source[key];
        });
      });
      return target;
    }
    function loadNativeModule(name) {
      var dir = "./prebuilds/".concat(process.platform, "-").concat(process.arch);
      return { dir, module: __require("".concat(dir, "/").concat(name, ".node")) };
    }
  }
});

// node_modules/node-pty/lib/eventEmitter2.js
var require_eventEmitter2 = __commonJS({
  "node_modules/node-pty/lib/eventEmitter2.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.EventEmitter2 = void 0;
    var EventEmitter2 = (
      /** @class */
      (function() {
        function EventEmitter22() {
          this._listeners = [];
        }
        Object.defineProperty(EventEmitter22.prototype, "event", {
          get: function() {
            var _this = this;
            if (!this._event) {
              this._event = function(listener) {
                _this._listeners.push(listener);
                var disposable = {
                  dispose: function() {
                    for (var i = 0; i < _this._listeners.length; i++) {
                      if (_this._listeners[i] === listener) {
                        _this._listeners.splice(i, 1);
                        return;
                      }
                    }
                  }
                };
                return disposable;
              };
            }
            return this._event;
          },
          enumerable: false,
          configurable: true
        });
        EventEmitter22.prototype.fire = function(data) {
          var queue = [];
          for (var i = 0; i < this._listeners.length; i++) {
            queue.push(this._listeners[i]);
          }
          for (var i = 0; i < queue.length; i++) {
            queue[i].call(void 0, data);
          }
        };
        return EventEmitter22;
      })()
    );
    exports.EventEmitter2 = EventEmitter2;
  }
});

// node_modules/node-pty/lib/terminal.js
var require_terminal = __commonJS({
  "node_modules/node-pty/lib/terminal.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.Terminal = exports.DEFAULT_ROWS = exports.DEFAULT_COLS = void 0;
    var events_1 = __require("events");
    var eventEmitter2_1 = require_eventEmitter2();
    exports.DEFAULT_COLS = 80;
    exports.DEFAULT_ROWS = 24;
    var FLOW_CONTROL_PAUSE = "";
    var FLOW_CONTROL_RESUME = "";
    var Terminal = (
      /** @class */
      (function() {
        function Terminal2(opt) {
          this._pid = 0;
          this._fd = 0;
          this._cols = 0;
          this._rows = 0;
          this._readable = false;
          this._writable = false;
          this._onData = new eventEmitter2_1.EventEmitter2();
          this._onExit = new eventEmitter2_1.EventEmitter2();
          this._internalee = new events_1.EventEmitter();
          this.handleFlowControl = !!(opt === null || opt === void 0 ? void 0 : opt.handleFlowControl);
          this._flowControlPause = (opt === null || opt === void 0 ? void 0 : opt.flowControlPause) || FLOW_CONTROL_PAUSE;
          this._flowControlResume = (opt === null || opt === void 0 ? void 0 : opt.flowControlResume) || FLOW_CONTROL_RESUME;
          if (!opt) {
            return;
          }
          this._checkType("name", opt.name ? opt.name : void 0, "string");
          this._checkType("cols", opt.cols ? opt.cols : void 0, "number");
          this._checkType("rows", opt.rows ? opt.rows : void 0, "number");
          this._checkType("cwd", opt.cwd ? opt.cwd : void 0, "string");
          this._checkType("env", opt.env ? opt.env : void 0, "object");
          this._checkType("uid", opt.uid ? opt.uid : void 0, "number");
          this._checkType("gid", opt.gid ? opt.gid : void 0, "number");
          this._checkType("encoding", opt.encoding ? opt.encoding : void 0, "string");
        }
        Object.defineProperty(Terminal2.prototype, "onData", {
          get: function() {
            return this._onData.event;
          },
          enumerable: false,
          configurable: true
        });
        Object.defineProperty(Terminal2.prototype, "onExit", {
          get: function() {
            return this._onExit.event;
          },
          enumerable: false,
          configurable: true
        });
        Object.defineProperty(Terminal2.prototype, "pid", {
          get: function() {
            return this._pid;
          },
          enumerable: false,
          configurable: true
        });
        Object.defineProperty(Terminal2.prototype, "cols", {
          get: function() {
            return this._cols;
          },
          enumerable: false,
          configurable: true
        });
        Object.defineProperty(Terminal2.prototype, "rows", {
          get: function() {
            return this._rows;
          },
          enumerable: false,
          configurable: true
        });
        Terminal2.prototype.write = function(data) {
          if (this.handleFlowControl) {
            if (data === this._flowControlPause) {
              this.pause();
              return;
            }
            if (data === this._flowControlResume) {
              this.resume();
              return;
            }
          }
          this._write(data);
        };
        Terminal2.prototype._forwardEvents = function() {
          var _this = this;
          this.on("data", function(e) {
            return _this._onData.fire(e);
          });
          this.on("exit", function(exitCode, signal) {
            return _this._onExit.fire({ exitCode, signal });
          });
        };
        Terminal2.prototype._checkType = function(name, value, type, allowArray) {
          if (allowArray === void 0) {
            allowArray = false;
          }
          if (value === void 0) {
            return;
          }
          if (allowArray) {
            if (Array.isArray(value)) {
              value.forEach(function(v, i) {
                if (typeof v !== type) {
                  throw new Error("".concat(name, "[").concat(i, "] must be a ").concat(type, " (not a ").concat(typeof v[i], ")"));
                }
              });
              return;
            }
          }
          if (typeof value !== type) {
            throw new Error("".concat(name, " must be a ").concat(type, " (not a ").concat(typeof value, ")"));
          }
        };
        Terminal2.prototype.end = function(data) {
          this._socket.end(data);
        };
        Terminal2.prototype.pipe = function(dest, options) {
          return this._socket.pipe(dest, options);
        };
        Terminal2.prototype.pause = function() {
          return this._socket.pause();
        };
        Terminal2.prototype.resume = function() {
          return this._socket.resume();
        };
        Terminal2.prototype.setEncoding = function(encoding) {
          if (this._socket._decoder) {
            delete this._socket._decoder;
          }
          if (encoding) {
            this._socket.setEncoding(encoding);
          }
        };
        Terminal2.prototype.addListener = function(eventName, listener) {
          this.on(eventName, listener);
        };
        Terminal2.prototype.on = function(eventName, listener) {
          if (eventName === "close") {
            this._internalee.on("close", listener);
            return;
          }
          this._socket.on(eventName, listener);
        };
        Terminal2.prototype.emit = function(eventName) {
          var args = [];
          for (var _i = 1; _i < arguments.length; _i++) {
            args[_i - 1] = arguments[_i];
          }
          if (eventName === "close") {
            return this._internalee.emit.apply(this._internalee, arguments);
          }
          return this._socket.emit.apply(this._socket, arguments);
        };
        Terminal2.prototype.listeners = function(eventName) {
          return this._socket.listeners(eventName);
        };
        Terminal2.prototype.removeListener = function(eventName, listener) {
          this._socket.removeListener(eventName, listener);
        };
        Terminal2.prototype.removeAllListeners = function(eventName) {
          this._socket.removeAllListeners(eventName);
        };
        Terminal2.prototype.once = function(eventName, listener) {
          this._socket.once(eventName, listener);
        };
        Terminal2.prototype._close = function() {
          this._socket.readable = false;
          this.write = function() {
          };
          this.end = function() {
          };
          this._writable = false;
          this._readable = false;
        };
        Terminal2.prototype._parseEnv = function(env) {
          var keys = Object.keys(env || {});
          var pairs = [];
          for (var i = 0; i < keys.length; i++) {
            if (keys[i] === void 0) {
              continue;
            }
            pairs.push(keys[i] + "=" + env[keys[i]]);
          }
          return pairs;
        };
        return Terminal2;
      })()
    );
    exports.Terminal = Terminal;
  }
});

// node_modules/node-pty/lib/shared/conout.js
var require_conout = __commonJS({
  "node_modules/node-pty/lib/shared/conout.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.getWorkerPipeName = getWorkerPipeName;
    function getWorkerPipeName(conoutPipeName) {
      return "".concat(conoutPipeName, "-worker");
    }
  }
});

// node_modules/node-pty/lib/windowsConoutConnection.js
var require_windowsConoutConnection = __commonJS({
  "node_modules/node-pty/lib/windowsConoutConnection.js"(exports) {
    "use strict";
    var __awaiter = exports && exports.__awaiter || function(thisArg, _arguments, P, generator) {
      function adopt(value) {
        return value instanceof P ? value : new P(function(resolve2) {
          resolve2(value);
        });
      }
      return new (P || (P = Promise))(function(resolve2, reject) {
        function fulfilled(value) {
          try {
            step(generator.next(value));
          } catch (e) {
            reject(e);
          }
        }
        function rejected(value) {
          try {
            step(generator["throw"](value));
          } catch (e) {
            reject(e);
          }
        }
        function step(result) {
          result.done ? resolve2(result.value) : adopt(result.value).then(fulfilled, rejected);
        }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
      });
    };
    var __generator = exports && exports.__generator || function(thisArg, body) {
      var _ = { label: 0, sent: function() {
        if (t[0] & 1) throw t[1];
        return t[1];
      }, trys: [], ops: [] }, f, y, t, g = Object.create((typeof Iterator === "function" ? Iterator : Object).prototype);
      return g.next = verb(0), g["throw"] = verb(1), g["return"] = verb(2), typeof Symbol === "function" && (g[Symbol.iterator] = function() {
        return this;
      }), g;
      function verb(n) {
        return function(v) {
          return step([n, v]);
        };
      }
      function step(op) {
        if (f) throw new TypeError("Generator is already executing.");
        while (g && (g = 0, op[0] && (_ = 0)), _) try {
          if (f = 1, y && (t = op[0] & 2 ? y["return"] : op[0] ? y["throw"] || ((t = y["return"]) && t.call(y), 0) : y.next) && !(t = t.call(y, op[1])).done) return t;
          if (y = 0, t) op = [op[0] & 2, t.value];
          switch (op[0]) {
            case 0:
            case 1:
              t = op;
              break;
            case 4:
              _.label++;
              return { value: op[1], done: false };
            case 5:
              _.label++;
              y = op[1];
              op = [0];
              continue;
            case 7:
              op = _.ops.pop();
              _.trys.pop();
              continue;
            default:
              if (!(t = _.trys, t = t.length > 0 && t[t.length - 1]) && (op[0] === 6 || op[0] === 2)) {
                _ = 0;
                continue;
              }
              if (op[0] === 3 && (!t || op[1] > t[0] && op[1] < t[3])) {
                _.label = op[1];
                break;
              }
              if (op[0] === 6 && _.label < t[1]) {
                _.label = t[1];
                t = op;
                break;
              }
              if (t && _.label < t[2]) {
                _.label = t[2];
                _.ops.push(op);
                break;
              }
              if (t[2]) _.ops.pop();
              _.trys.pop();
              continue;
          }
          op = body.call(thisArg, _);
        } catch (e) {
          op = [6, e];
          y = 0;
        } finally {
          f = t = 0;
        }
        if (op[0] & 5) throw op[1];
        return { value: op[0] ? op[1] : void 0, done: true };
      }
    };
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.ConoutConnection = void 0;
    var worker_threads_1 = __require("worker_threads");
    var conout_1 = require_conout();
    var path_1 = __require("path");
    var eventEmitter2_1 = require_eventEmitter2();
    var FLUSH_DATA_INTERVAL = 1e3;
    var ConoutConnection = (
      /** @class */
      (function() {
        function ConoutConnection2(_conoutPipeName, _useConptyDll) {
          var _this = this;
          this._conoutPipeName = _conoutPipeName;
          this._useConptyDll = _useConptyDll;
          this._isDisposed = false;
          this._isReady = false;
          this._onReady = new eventEmitter2_1.EventEmitter2();
          this._onError = new eventEmitter2_1.EventEmitter2();
          var workerData = {
            conoutPipeName: _conoutPipeName
          };
          var scriptPath = __dirname.replace("node_modules.asar", "node_modules.asar.unpacked");
          this._worker = new worker_threads_1.Worker((0, path_1.join)(scriptPath, "worker/conoutSocketWorker.js"), { workerData });
          this._worker.on("message", function(message) {
            switch (message) {
              case 1:
                _this._isReady = true;
                _this._onReady.fire();
                return;
              default:
                console.warn("Unexpected ConoutWorkerMessage", message);
            }
          });
          this._worker.on("error", function(error) {
            if (!_this._isDisposed && !_this._isReady) {
              _this._onError.fire(error);
            }
          });
          this._worker.on("exit", function(code) {
            if (!_this._isDisposed && !_this._isReady) {
              _this._onError.fire(new Error("Conout worker exited before connecting (code ".concat(code, ")")));
            }
          });
        }
        Object.defineProperty(ConoutConnection2.prototype, "onReady", {
          get: function() {
            return this._onReady.event;
          },
          enumerable: false,
          configurable: true
        });
        Object.defineProperty(ConoutConnection2.prototype, "onError", {
          get: function() {
            return this._onError.event;
          },
          enumerable: false,
          configurable: true
        });
        ConoutConnection2.prototype.dispose = function() {
          if (!this._useConptyDll && this._isDisposed) {
            return;
          }
          this._isDisposed = true;
          this._drainDataAndClose();
        };
        ConoutConnection2.prototype.connectSocket = function(socket) {
          socket.connect((0, conout_1.getWorkerPipeName)(this._conoutPipeName));
        };
        ConoutConnection2.prototype._drainDataAndClose = function() {
          var _this = this;
          if (this._drainTimeout) {
            clearTimeout(this._drainTimeout);
          }
          this._drainTimeout = setTimeout(function() {
            return _this._destroySocket();
          }, FLUSH_DATA_INTERVAL);
        };
        ConoutConnection2.prototype._destroySocket = function() {
          return __awaiter(this, void 0, void 0, function() {
            return __generator(this, function(_a) {
              switch (_a.label) {
                case 0:
                  return [4, this._worker.terminate()];
                case 1:
                  _a.sent();
                  return [
                    2
                    /*return*/
                  ];
              }
            });
          });
        };
        return ConoutConnection2;
      })()
    );
    exports.ConoutConnection = ConoutConnection;
  }
});

// node_modules/node-pty/lib/windowsPtyAgent.js
var require_windowsPtyAgent = __commonJS({
  "node_modules/node-pty/lib/windowsPtyAgent.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.WindowsPtyAgent = void 0;
    exports.argsToCommandLine = argsToCommandLine;
    var fs = __require("fs");
    var path = __require("path");
    var child_process_1 = __require("child_process");
    var net_1 = __require("net");
    var windowsConoutConnection_1 = require_windowsConoutConnection();
    var eventEmitter2_1 = require_eventEmitter2();
    var utils_1 = require_utils();
    var conptyNative;
    var FLUSH_DATA_INTERVAL = 1e3;
    var CONNECTION_TIMEOUT = 5e3;
    var defaultWindowsPtyAgentOptions = {
      connectionTimeout: CONNECTION_TIMEOUT,
      conoutConnectionFactory: function(conoutPipeName, useConptyDll) {
        return new windowsConoutConnection_1.ConoutConnection(conoutPipeName, useConptyDll);
      }
    };
    var WindowsPtyAgent = (
      /** @class */
      (function() {
        function WindowsPtyAgent2(file, args, env, cwd, cols, rows, debug, _useConptyDll, conptyInheritCursor, options) {
          if (_useConptyDll === void 0) {
            _useConptyDll = false;
          }
          if (conptyInheritCursor === void 0) {
            conptyInheritCursor = false;
          }
          if (options === void 0) {
            options = defaultWindowsPtyAgentOptions;
          }
          var _this = this;
          this._useConptyDll = _useConptyDll;
          this._innerPid = 0;
          this._onError = new eventEmitter2_1.EventEmitter2();
          if (!conptyNative) {
            conptyNative = (0, utils_1.loadNativeModule)("conpty").module;
          }
          this._ptyNative = conptyNative;
          cwd = path.resolve(cwd);
          var commandLine = argsToCommandLine(file, args);
          var term = conptyNative.startProcess(file, cols, rows, debug, this._generatePipeName(), conptyInheritCursor, this._useConptyDll);
          this._fd = term.fd;
          this._pty = term.pty;
          this._outSocket = new net_1.Socket();
          this._outSocket.setEncoding("utf8");
          this._conoutSocketWorker = options.conoutConnectionFactory(term.conout, this._useConptyDll);
          this._pendingPtyInfo = { pty: this._pty, commandLine, cwd, env };
          this._connectionTimeout = setTimeout(function() {
            _this._failPtyConnection(new Error("Timed out waiting for ConPTY output worker"));
          }, options.connectionTimeout);
          this._conoutSocketWorker.onReady(function() {
            if (!_this._pendingPtyInfo) {
              return;
            }
            _this._clearConnectionTimeout();
            _this._conoutSocketWorker.connectSocket(_this._outSocket);
            _this._completePtyConnection();
          });
          this._conoutSocketWorker.onError(function(error) {
            return _this._failPtyConnection(error);
          });
          this._outSocket.on("connect", function() {
            _this._outSocket.emit("ready_datapipe");
          });
          var inSocketFD = fs.openSync(term.conin, "w");
          this._inSocket = new net_1.Socket({
            fd: inSocketFD,
            readable: false,
            writable: true
          });
          this._inSocket.setEncoding("utf8");
        }
        Object.defineProperty(WindowsPtyAgent2.prototype, "onError", {
          get: function() {
            return this._onError.event;
          },
          enumerable: false,
          configurable: true
        });
        Object.defineProperty(WindowsPtyAgent2.prototype, "inSocket", {
          get: function() {
            return this._inSocket;
          },
          enumerable: false,
          configurable: true
        });
        Object.defineProperty(WindowsPtyAgent2.prototype, "outSocket", {
          get: function() {
            return this._outSocket;
          },
          enumerable: false,
          configurable: true
        });
        Object.defineProperty(WindowsPtyAgent2.prototype, "fd", {
          get: function() {
            return this._fd;
          },
          enumerable: false,
          configurable: true
        });
        Object.defineProperty(WindowsPtyAgent2.prototype, "innerPid", {
          get: function() {
            return this._innerPid;
          },
          enumerable: false,
          configurable: true
        });
        Object.defineProperty(WindowsPtyAgent2.prototype, "pty", {
          get: function() {
            return this._pty;
          },
          enumerable: false,
          configurable: true
        });
        WindowsPtyAgent2.prototype._completePtyConnection = function() {
          var _this = this;
          var _a;
          if (!this._pendingPtyInfo) {
            return;
          }
          this._clearConnectionTimeout();
          var _b = this._pendingPtyInfo, pty = _b.pty, commandLine = _b.commandLine, cwd = _b.cwd, env = _b.env;
          this._pendingPtyInfo = void 0;
          try {
            var connect = conptyNative.connect(pty, commandLine, cwd, env, this._useConptyDll, function(c) {
              return _this._$onProcessExit(c);
            });
            this._innerPid = connect.pid;
          } catch (err) {
            var code = (_a = /error code: (\d+)/.exec(err.message)) === null || _a === void 0 ? void 0 : _a[1];
            this._exitCode = code ? parseInt(code, 10) : -1;
            try {
              this._ptyNative.kill(this._pty, this._useConptyDll);
            } catch (_c) {
            }
            this._conoutSocketWorker.dispose();
            this._inSocket.destroy();
            this._outSocket.destroy();
            this._onError.fire(err);
          }
        };
        WindowsPtyAgent2.prototype._failPtyConnection = function(error) {
          if (!this._pendingPtyInfo) {
            return;
          }
          this._clearConnectionTimeout();
          this._pendingPtyInfo = void 0;
          this._exitCode = -1;
          try {
            this._ptyNative.kill(this._pty, this._useConptyDll);
          } catch (_a) {
          }
          this._conoutSocketWorker.dispose();
          this._inSocket.destroy();
          this._outSocket.destroy();
          this._onError.fire(error);
        };
        WindowsPtyAgent2.prototype._clearConnectionTimeout = function() {
          if (this._connectionTimeout) {
            clearTimeout(this._connectionTimeout);
            this._connectionTimeout = void 0;
          }
        };
        WindowsPtyAgent2.prototype.resize = function(cols, rows) {
          if (this._exitCode !== void 0) {
            throw new Error("Cannot resize a pty that has already exited");
          }
          this._ptyNative.resize(this._pty, cols, rows, this._useConptyDll);
        };
        WindowsPtyAgent2.prototype.clear = function() {
          this._ptyNative.clear(this._pty, this._useConptyDll);
        };
        WindowsPtyAgent2.prototype.kill = function() {
          var _this = this;
          this._clearConnectionTimeout();
          this._pendingPtyInfo = void 0;
          if (!this._useConptyDll) {
            this._inSocket.readable = false;
            this._outSocket.readable = false;
            this._getConsoleProcessList().then(function(consoleProcessList) {
              consoleProcessList.forEach(function(pid) {
                try {
                  process.kill(pid);
                } catch (e) {
                }
              });
            });
            this._ptyNative.kill(this._pty, this._useConptyDll);
            this._conoutSocketWorker.dispose();
          } else {
            this._inSocket.destroy();
            this._ptyNative.kill(this._pty, this._useConptyDll);
            this._outSocket.on("data", function() {
              _this._conoutSocketWorker.dispose();
            });
          }
        };
        WindowsPtyAgent2.prototype._getConsoleProcessList = function() {
          var _this = this;
          if (this._innerPid <= 0) {
            return Promise.resolve([]);
          }
          return new Promise(function(resolve2) {
            var agent = (0, child_process_1.fork)(path.join(__dirname, "conpty_console_list_agent"), [_this._innerPid.toString()]);
            agent.on("message", function(message) {
              clearTimeout(timeout);
              resolve2(message.consoleProcessList);
            });
            var timeout = setTimeout(function() {
              agent.kill();
              resolve2([_this._innerPid]);
            }, 5e3);
          });
        };
        Object.defineProperty(WindowsPtyAgent2.prototype, "exitCode", {
          get: function() {
            return this._exitCode;
          },
          enumerable: false,
          configurable: true
        });
        WindowsPtyAgent2.prototype._generatePipeName = function() {
          return "conpty-".concat(Math.random() * 1e7);
        };
        WindowsPtyAgent2.prototype._$onProcessExit = function(exitCode) {
          var _this = this;
          this._exitCode = exitCode;
          if (!this._useConptyDll) {
            this._flushDataAndCleanUp();
            this._outSocket.on("data", function() {
              return _this._flushDataAndCleanUp();
            });
          }
        };
        WindowsPtyAgent2.prototype._flushDataAndCleanUp = function() {
          var _this = this;
          if (this._useConptyDll) {
            return;
          }
          if (this._closeTimeout) {
            clearTimeout(this._closeTimeout);
          }
          this._closeTimeout = setTimeout(function() {
            return _this._cleanUpProcess();
          }, FLUSH_DATA_INTERVAL);
        };
        WindowsPtyAgent2.prototype._cleanUpProcess = function() {
          if (this._useConptyDll) {
            return;
          }
          this._inSocket.readable = false;
          this._outSocket.readable = false;
          this._outSocket.destroy();
        };
        return WindowsPtyAgent2;
      })()
    );
    exports.WindowsPtyAgent = WindowsPtyAgent;
    function argsToCommandLine(file, args) {
      if (isCommandLine(args)) {
        if (args.length === 0) {
          return file;
        }
        return "".concat(argsToCommandLine(file, []), " ").concat(args);
      }
      var argv = [file];
      Array.prototype.push.apply(argv, args);
      var result = "";
      for (var argIndex = 0; argIndex < argv.length; argIndex++) {
        if (argIndex > 0) {
          result += " ";
        }
        var arg = argv[argIndex];
        var hasLopsidedEnclosingQuote = xOr(arg[0] !== '"', arg[arg.length - 1] !== '"');
        var hasNoEnclosingQuotes = arg[0] !== '"' && arg[arg.length - 1] !== '"';
        var quote = arg === "" || (arg.indexOf(" ") !== -1 || arg.indexOf("	") !== -1) && (arg.length > 1 && (hasLopsidedEnclosingQuote || hasNoEnclosingQuotes));
        if (quote) {
          result += '"';
        }
        var bsCount = 0;
        for (var i = 0; i < arg.length; i++) {
          var p = arg[i];
          if (p === "\\") {
            bsCount++;
          } else if (p === '"') {
            result += repeatText("\\", bsCount * 2 + 1);
            result += '"';
            bsCount = 0;
          } else {
            result += repeatText("\\", bsCount);
            bsCount = 0;
            result += p;
          }
        }
        if (quote) {
          result += repeatText("\\", bsCount * 2);
          result += '"';
        } else {
          result += repeatText("\\", bsCount);
        }
      }
      return result;
    }
    function isCommandLine(args) {
      return typeof args === "string";
    }
    function repeatText(text, count) {
      var result = "";
      for (var i = 0; i < count; i++) {
        result += text;
      }
      return result;
    }
    function xOr(arg1, arg2) {
      return arg1 && !arg2 || !arg1 && arg2;
    }
  }
});

// node_modules/node-pty/lib/windowsTerminal.js
var require_windowsTerminal = __commonJS({
  "node_modules/node-pty/lib/windowsTerminal.js"(exports) {
    "use strict";
    var __extends = exports && exports.__extends || /* @__PURE__ */ (function() {
      var extendStatics = function(d, b) {
        extendStatics = Object.setPrototypeOf || { __proto__: [] } instanceof Array && function(d2, b2) {
          d2.__proto__ = b2;
        } || function(d2, b2) {
          for (var p in b2) if (Object.prototype.hasOwnProperty.call(b2, p)) d2[p] = b2[p];
        };
        return extendStatics(d, b);
      };
      return function(d, b) {
        if (typeof b !== "function" && b !== null)
          throw new TypeError("Class extends value " + String(b) + " is not a constructor or null");
        extendStatics(d, b);
        function __() {
          this.constructor = d;
        }
        d.prototype = b === null ? Object.create(b) : (__.prototype = b.prototype, new __());
      };
    })();
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.WindowsTerminal = void 0;
    var terminal_1 = require_terminal();
    var windowsPtyAgent_1 = require_windowsPtyAgent();
    var utils_1 = require_utils();
    var DEFAULT_FILE = "cmd.exe";
    var DEFAULT_NAME = "Windows Shell";
    var WindowsTerminal = (
      /** @class */
      (function(_super) {
        __extends(WindowsTerminal2, _super);
        function WindowsTerminal2(file, args, opt) {
          var _this = _super.call(this, opt) || this;
          _this._checkType("args", args, "string", true);
          args = args || [];
          file = file || DEFAULT_FILE;
          opt = opt || {};
          opt.env = opt.env || process.env;
          if (opt.encoding) {
            console.warn("Setting encoding on Windows is not supported");
          }
          var env = (0, utils_1.assign)({}, opt.env);
          _this._cols = opt.cols || terminal_1.DEFAULT_COLS;
          _this._rows = opt.rows || terminal_1.DEFAULT_ROWS;
          var cwd = opt.cwd || process.cwd();
          var name = opt.name || env.TERM || DEFAULT_NAME;
          var parsedEnv = _this._parseEnv(env);
          _this._isReady = false;
          _this._deferreds = [];
          _this._agent = new windowsPtyAgent_1.WindowsPtyAgent(file, args, parsedEnv, cwd, _this._cols, _this._rows, false, opt.useConptyDll, opt.conptyInheritCursor);
          _this._socket = _this._agent.outSocket;
          _this._agent.onError(function() {
            _this._close();
            _this.emit("exit", _this._agent.exitCode);
          });
          _this._pid = _this._agent.innerPid;
          _this._fd = _this._agent.fd;
          _this._pty = _this._agent.pty;
          _this._socket.on("ready_datapipe", function() {
            _this._pid = _this._agent.innerPid;
            _this._socket.once("data", function() {
              if (!_this._isReady) {
                _this._isReady = true;
                _this._deferreds.forEach(function(fn) {
                  fn.run();
                });
                _this._deferreds = [];
              }
            });
            _this._socket.on("error", function(err) {
              _this._close();
              if (err.code) {
                if (~err.code.indexOf("errno 5") || ~err.code.indexOf("EIO"))
                  return;
              }
              if (_this.listeners("error").length < 2) {
                throw err;
              }
            });
            _this._socket.on("close", function() {
              _this.emit("exit", _this._agent.exitCode);
              _this._close();
            });
          });
          _this._file = file;
          _this._name = name;
          _this._readable = true;
          _this._writable = true;
          _this._forwardEvents();
          return _this;
        }
        WindowsTerminal2.prototype._write = function(data) {
          this._defer(this._doWrite, data);
        };
        WindowsTerminal2.prototype._doWrite = function(data) {
          this._agent.inSocket.write(data);
        };
        WindowsTerminal2.open = function(options) {
          throw new Error("open() not supported on windows, use Fork() instead.");
        };
        WindowsTerminal2.prototype.resize = function(cols, rows, pixelSize) {
          var _this = this;
          if (cols <= 0 || rows <= 0 || isNaN(cols) || isNaN(rows) || cols === Infinity || rows === Infinity) {
            throw new Error("resizing must be done using positive cols and rows");
          }
          this._deferNoArgs(function() {
            _this._agent.resize(cols, rows);
            _this._cols = cols;
            _this._rows = rows;
          });
        };
        WindowsTerminal2.prototype.clear = function() {
          var _this = this;
          this._deferNoArgs(function() {
            _this._agent.clear();
          });
        };
        WindowsTerminal2.prototype.destroy = function() {
          var _this = this;
          this._deferNoArgs(function() {
            _this.kill();
          });
        };
        WindowsTerminal2.prototype.kill = function(signal) {
          var _this = this;
          this._deferNoArgs(function() {
            if (signal) {
              throw new Error("Signals not supported on windows.");
            }
            _this._close();
            _this._agent.kill();
          });
        };
        WindowsTerminal2.prototype._deferNoArgs = function(deferredFn) {
          var _this = this;
          if (this._isReady) {
            deferredFn.call(this);
            return;
          }
          this._deferreds.push({
            run: function() {
              return deferredFn.call(_this);
            }
          });
        };
        WindowsTerminal2.prototype._defer = function(deferredFn, arg) {
          var _this = this;
          if (this._isReady) {
            deferredFn.call(this, arg);
            return;
          }
          this._deferreds.push({
            run: function() {
              return deferredFn.call(_this, arg);
            }
          });
        };
        Object.defineProperty(WindowsTerminal2.prototype, "process", {
          get: function() {
            return this._name;
          },
          enumerable: false,
          configurable: true
        });
        Object.defineProperty(WindowsTerminal2.prototype, "master", {
          get: function() {
            throw new Error("master is not supported on Windows");
          },
          enumerable: false,
          configurable: true
        });
        Object.defineProperty(WindowsTerminal2.prototype, "slave", {
          get: function() {
            throw new Error("slave is not supported on Windows");
          },
          enumerable: false,
          configurable: true
        });
        return WindowsTerminal2;
      })(terminal_1.Terminal)
    );
    exports.WindowsTerminal = WindowsTerminal;
  }
});

// node_modules/node-pty/lib/unixTerminal.js
var require_unixTerminal = __commonJS({
  "node_modules/node-pty/lib/unixTerminal.js"(exports) {
    "use strict";
    var __extends = exports && exports.__extends || /* @__PURE__ */ (function() {
      var extendStatics = function(d, b) {
        extendStatics = Object.setPrototypeOf || { __proto__: [] } instanceof Array && function(d2, b2) {
          d2.__proto__ = b2;
        } || function(d2, b2) {
          for (var p in b2) if (Object.prototype.hasOwnProperty.call(b2, p)) d2[p] = b2[p];
        };
        return extendStatics(d, b);
      };
      return function(d, b) {
        if (typeof b !== "function" && b !== null)
          throw new TypeError("Class extends value " + String(b) + " is not a constructor or null");
        extendStatics(d, b);
        function __() {
          this.constructor = d;
        }
        d.prototype = b === null ? Object.create(b) : (__.prototype = b.prototype, new __());
      };
    })();
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.UnixTerminal = void 0;
    var fs = __require("fs");
    var path = __require("path");
    var tty = __require("tty");
    var terminal_1 = require_terminal();
    var utils_1 = require_utils();
    var native2 = (0, utils_1.loadNativeModule)("pty");
    var pty = native2.module;
    var helperPath = native2.dir + "/spawn-helper";
    helperPath = path.resolve(__dirname, helperPath);
    helperPath = helperPath.replace("app.asar", "app.asar.unpacked");
    helperPath = helperPath.replace("node_modules.asar", "node_modules.asar.unpacked");
    var DEFAULT_FILE = "sh";
    var DEFAULT_NAME = "xterm";
    var DESTROY_SOCKET_TIMEOUT_MS = 200;
    var UnixTerminal = (
      /** @class */
      (function(_super) {
        __extends(UnixTerminal2, _super);
        function UnixTerminal2(file, args, opt) {
          var _a, _b;
          var _this = _super.call(this, opt) || this;
          _this._boundClose = false;
          _this._emittedClose = false;
          if (typeof args === "string") {
            throw new Error("args as a string is not supported on unix.");
          }
          args = args || [];
          file = file || DEFAULT_FILE;
          opt = opt || {};
          opt.env = opt.env || process.env;
          _this._cols = opt.cols || terminal_1.DEFAULT_COLS;
          _this._rows = opt.rows || terminal_1.DEFAULT_ROWS;
          var uid = (_a = opt.uid) !== null && _a !== void 0 ? _a : -1;
          var gid = (_b = opt.gid) !== null && _b !== void 0 ? _b : -1;
          var env = (0, utils_1.assign)({}, opt.env);
          if (opt.env === process.env) {
            _this._sanitizeEnv(env);
          }
          var cwd = opt.cwd || process.cwd();
          env.PWD = cwd;
          var name = opt.name || env.TERM || DEFAULT_NAME;
          env.TERM = name;
          var parsedEnv = _this._parseEnv(env);
          var encoding = opt.encoding === void 0 ? "utf8" : opt.encoding;
          var onexit = function(code, signal) {
            if (!_this._emittedClose) {
              if (_this._boundClose) {
                return;
              }
              _this._boundClose = true;
              var timeout_1 = setTimeout(function() {
                timeout_1 = null;
                _this._socket.destroy();
              }, DESTROY_SOCKET_TIMEOUT_MS);
              _this.once("close", function() {
                if (timeout_1 !== null) {
                  clearTimeout(timeout_1);
                }
                _this.emit("exit", code, signal);
              });
              return;
            }
            _this.emit("exit", code, signal);
          };
          var term = pty.fork(file, args, parsedEnv, cwd, _this._cols, _this._rows, uid, gid, encoding === "utf8", helperPath, onexit);
          _this._socket = new tty.ReadStream(term.fd);
          if (encoding !== null) {
            _this._socket.setEncoding(encoding);
          }
          _this._writeStream = new CustomWriteStream(term.fd, encoding || void 0);
          _this._socket.on("error", function(err) {
            if (err.code) {
              if (~err.code.indexOf("EAGAIN")) {
                return;
              }
            }
            _this._close();
            if (!_this._emittedClose) {
              _this._emittedClose = true;
              _this.emit("close");
            }
            if (err.code) {
              if (~err.code.indexOf("errno 5") || ~err.code.indexOf("EIO")) {
                return;
              }
            }
            if (_this.listeners("error").length < 2) {
              throw err;
            }
          });
          _this._pid = term.pid;
          _this._fd = term.fd;
          _this._pty = term.pty;
          _this._file = file;
          _this._name = name;
          _this._readable = true;
          _this._writable = true;
          _this._socket.on("close", function() {
            if (_this._emittedClose) {
              return;
            }
            _this._emittedClose = true;
            _this._close();
            _this.emit("close");
          });
          _this._forwardEvents();
          return _this;
        }
        Object.defineProperty(UnixTerminal2.prototype, "master", {
          get: function() {
            return this._master;
          },
          enumerable: false,
          configurable: true
        });
        Object.defineProperty(UnixTerminal2.prototype, "slave", {
          get: function() {
            return this._slave;
          },
          enumerable: false,
          configurable: true
        });
        UnixTerminal2.prototype._write = function(data) {
          this._writeStream.write(data);
        };
        Object.defineProperty(UnixTerminal2.prototype, "fd", {
          /* Accessors */
          get: function() {
            return this._fd;
          },
          enumerable: false,
          configurable: true
        });
        Object.defineProperty(UnixTerminal2.prototype, "ptsName", {
          get: function() {
            return this._pty;
          },
          enumerable: false,
          configurable: true
        });
        UnixTerminal2.open = function(opt) {
          var self = Object.create(UnixTerminal2.prototype);
          opt = opt || {};
          if (arguments.length > 1) {
            opt = {
              cols: arguments[1],
              rows: arguments[2]
            };
          }
          var cols = opt.cols || terminal_1.DEFAULT_COLS;
          var rows = opt.rows || terminal_1.DEFAULT_ROWS;
          var encoding = opt.encoding === void 0 ? "utf8" : opt.encoding;
          var term = pty.open(cols, rows);
          self._master = new tty.ReadStream(term.master);
          if (encoding !== null) {
            self._master.setEncoding(encoding);
          }
          self._master.resume();
          self._slave = new tty.ReadStream(term.slave);
          if (encoding !== null) {
            self._slave.setEncoding(encoding);
          }
          self._slave.resume();
          self._socket = self._master;
          self._pid = -1;
          self._fd = term.master;
          self._pty = term.pty;
          self._file = process.argv[0] || "node";
          self._name = process.env.TERM || "";
          self._readable = true;
          self._writable = true;
          self._socket.on("error", function(err) {
            self._close();
            if (self.listeners("error").length < 2) {
              throw err;
            }
          });
          self._socket.on("close", function() {
            self._close();
          });
          return self;
        };
        UnixTerminal2.prototype.destroy = function() {
          var _this = this;
          this._close();
          this._socket.once("close", function() {
            _this.kill("SIGHUP");
          });
          this._socket.destroy();
          this._writeStream.dispose();
        };
        UnixTerminal2.prototype.kill = function(signal) {
          try {
            process.kill(this.pid, signal || "SIGHUP");
          } catch (e) {
          }
        };
        Object.defineProperty(UnixTerminal2.prototype, "process", {
          /**
           * Gets the name of the process.
           */
          get: function() {
            if (process.platform === "darwin") {
              var title = pty.process(this._fd);
              return title !== "kernel_task" && title !== "spawn_helper" ? title : this._file;
            }
            return pty.process(this._fd, this._pty) || this._file;
          },
          enumerable: false,
          configurable: true
        });
        UnixTerminal2.prototype.resize = function(cols, rows, pixelSize) {
          var _a, _b;
          if (cols <= 0 || rows <= 0 || isNaN(cols) || isNaN(rows) || cols === Infinity || rows === Infinity) {
            throw new Error("resizing must be done using positive cols and rows");
          }
          var pixelWidth = (_a = pixelSize === null || pixelSize === void 0 ? void 0 : pixelSize.width) !== null && _a !== void 0 ? _a : 0;
          var pixelHeight = (_b = pixelSize === null || pixelSize === void 0 ? void 0 : pixelSize.height) !== null && _b !== void 0 ? _b : 0;
          pty.resize(this._fd, cols, rows, pixelWidth, pixelHeight);
          this._cols = cols;
          this._rows = rows;
        };
        UnixTerminal2.prototype.clear = function() {
        };
        UnixTerminal2.prototype._sanitizeEnv = function(env) {
          delete env["TMUX"];
          delete env["TMUX_PANE"];
          delete env["STY"];
          delete env["WINDOW"];
          delete env["WINDOWID"];
          delete env["TERMCAP"];
          delete env["COLUMNS"];
          delete env["LINES"];
        };
        return UnixTerminal2;
      })(terminal_1.Terminal)
    );
    exports.UnixTerminal = UnixTerminal;
    var CustomWriteStream = (
      /** @class */
      (function() {
        function CustomWriteStream2(_fd, _encoding) {
          this._fd = _fd;
          this._encoding = _encoding;
          this._writeQueue = [];
        }
        CustomWriteStream2.prototype.dispose = function() {
          clearImmediate(this._writeImmediate);
          this._writeImmediate = void 0;
        };
        CustomWriteStream2.prototype.write = function(data) {
          var buffer = typeof data === "string" ? Buffer.from(data, this._encoding) : Buffer.from(data);
          if (buffer.byteLength !== 0) {
            this._writeQueue.push({ buffer, offset: 0 });
            if (this._writeQueue.length === 1) {
              this._processWriteQueue();
            }
          }
        };
        CustomWriteStream2.prototype._processWriteQueue = function() {
          var _this = this;
          this._writeImmediate = void 0;
          if (this._writeQueue.length === 0) {
            return;
          }
          var task = this._writeQueue[0];
          fs.write(this._fd, task.buffer, task.offset, function(err, written) {
            if (err) {
              if ("code" in err && err.code === "EAGAIN") {
                _this._writeImmediate = setImmediate(function() {
                  return _this._processWriteQueue();
                });
              } else {
                _this._writeQueue.length = 0;
                console.error("Unhandled pty write error", err);
              }
              return;
            }
            task.offset += written;
            if (task.offset >= task.buffer.byteLength) {
              _this._writeQueue.shift();
            }
            _this._processWriteQueue();
          });
        };
        return CustomWriteStream2;
      })()
    );
  }
});

// node_modules/node-pty/lib/index.js
var require_lib = __commonJS({
  "node_modules/node-pty/lib/index.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.native = void 0;
    exports.spawn = spawn5;
    exports.fork = fork;
    exports.createTerminal = createTerminal;
    exports.open = open;
    var utils_1 = require_utils();
    var terminalCtor;
    if (process.platform === "win32") {
      terminalCtor = require_windowsTerminal().WindowsTerminal;
    } else {
      terminalCtor = require_unixTerminal().UnixTerminal;
    }
    function spawn5(file, args, opt) {
      return new terminalCtor(file, args, opt);
    }
    function fork(file, args, opt) {
      return new terminalCtor(file, args, opt);
    }
    function createTerminal(file, args, opt) {
      return new terminalCtor(file, args, opt);
    }
    function open(options) {
      return terminalCtor.open(options);
    }
    exports.native = process.platform !== "win32" ? (0, utils_1.loadNativeModule)("pty").module : null;
  }
});

// wrapper/say.ts
var tell = (line) => {
  if (process.stderr.listenerCount("error") === 0) process.stderr.on("error", () => void 0);
  process.stderr.write(`duty-gate: ${line}
`);
};
function say(line) {
  tell(line);
}
function sayBy(teller) {
  tell = teller;
}

// wrapper/cage-program.ts
import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

// wrapper/cage-program-sums.ts
var CAGE_PROGRAM_SHA256 = {
  arm64: "7342666b5fdcb5c0437943c84d1ffa870935899503f21e9c75fddf830a808445",
  x64: "b9c283d56ed6c90107338c5bfb50333bd4080023518f58381a23dd0ec7538ed1"
};

// wrapper/cage-program.ts
var FOLDER = new URL(import.meta.url.endsWith(".ts") ? "../dist/helpers/" : "./helpers/", import.meta.url);
function cageProgram(arch = process.arch, folder = FOLDER) {
  const expected = CAGE_PROGRAM_SHA256[arch];
  if (expected === void 0) {
    throw new WrapError("set-up", `Cannot make a cage: there is no program for ${arch}, expected x64 or arm64`);
  }
  const path = fileURLToPath(new URL(`linux-${arch}/duty-gate-cage`, folder));
  const found = digestOf(path);
  if (found !== expected) {
    throw new WrapError(
      "set-up",
      `Cannot make a cage: ${path} ${found === null ? "cannot be read" : "has other bytes"}, expected it as built`
    );
  }
  return path;
}
function programFolder() {
  return realpathSync(fileURLToPath(new URL("..", FOLDER)));
}
function digestOf(path) {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex");
  } catch {
    return null;
  }
}

// wrapper/escape-list.ts
var ESCAPES = [
  { name: "tcp-loopback", class: "TCP", reason: "a server on the host's own loopback address" },
  { name: "tcp-host-address", class: "TCP", reason: "a server at an address of the host" },
  { name: "tcp6-loopback", class: "IPv6", reason: "a server on the host's own IPv6 loopback address" },
  { name: "tcp6-host-address", class: "IPv6", reason: "a server at an IPv6 address of the host" },
  { name: "udp-loopback", class: "UDP", reason: "a UDP server on the host's own loopback address" },
  { name: "udp-host-address", class: "UDP", reason: "a UDP server at an address of the host" },
  { name: "udp6-loopback", class: "IPv6", reason: "a UDP server on the host's own IPv6 loopback address" },
  { name: "metadata-v4", class: "metadata", reason: "the machine's credentials, from its cloud's metadata address" },
  { name: "metadata-v6", class: "metadata", reason: "the machine's credentials, from its cloud's IPv6 metadata address" },
  {
    name: "metadata-azure",
    class: "metadata",
    reason: "the machine's set-up secrets, from the wire server of Azure, where hosted runners live"
  },
  { name: "dns-real-resolver", class: "DNS tunnel", reason: "names asked of the host's resolver carry data to whoever owns the zone" },
  { name: "dns-resolved-socket", class: "DNS tunnel", reason: "names asked of the host's resolver service by its socket" },
  { name: "dns-nscd-socket", class: "DNS tunnel", reason: "names asked of the host's name service cache by its socket" },
  { name: "container-socket-docker", class: "container sockets", reason: "Docker's socket: a container with the whole machine in it" },
  {
    name: "container-socket-containerd",
    class: "container sockets",
    reason: "containerd's socket: a container with the whole machine in it"
  },
  { name: "container-socket-podman", class: "container sockets", reason: "Podman's socket: a container with the user's files in it" },
  { name: "container-socket-crio", class: "container sockets", reason: "CRI-O's socket: a container with the whole machine in it" },
  { name: "container-socket-buildkit", class: "container sockets", reason: "BuildKit's socket: build steps that run outside" },
  { name: "dbus-system", class: "D-Bus and systemd", reason: "the system's message bus: services that act as root for who asks" },
  {
    name: "dbus-session",
    class: "D-Bus and systemd",
    reason: "the user's message bus: programs started outside, as by systemd-run --user"
  },
  { name: "systemd-private", class: "D-Bus and systemd", reason: "systemd's own socket: units started outside, as by systemd-run" },
  { name: "systemd-user-private", class: "D-Bus and systemd", reason: "the user manager's own socket: units started outside" },
  { name: "ssh-agent", class: "agents", reason: "the ssh agent: log-ins with keys that are not the duty's" },
  { name: "gpg-agent", class: "agents", reason: "the GnuPG agent: signatures with keys that are not the duty's" },
  { name: "icmp-ping-socket", class: "ICMP and raw sockets", reason: "echo requests, whose payload is a tunnel" },
  { name: "raw-socket", class: "ICMP and raw sockets", reason: "packets of any protocol, in anybody's name" },
  { name: "raw6-socket", class: "ICMP and raw sockets", reason: "IPv6 packets of any protocol, in anybody's name" },
  { name: "packet-socket", class: "ICMP and raw sockets", reason: "frames below every rule, and all that passes by" },
  {
    name: "abstract-socket",
    class: "Unix sockets",
    reason: "a server outside at an abstract name, as D-Bus, X11 and containerd-shim have them"
  },
  { name: "path-socket-tmp", class: "Unix sockets", reason: "a server outside at a path in /tmp: it acts, and passes descriptors on" },
  {
    name: "path-socket-run",
    class: "Unix sockets",
    reason: "a server outside at a path in the folder for run-time files: it acts, and passes descriptors on"
  },
  {
    name: "path-socket-home",
    class: "Unix sockets",
    reason: "a server outside at a path in the home folder: it acts, and passes descriptors on"
  },
  {
    name: "path-socket-session",
    class: "Unix sockets",
    reason: "a server outside at a path in the session's own folder: it acts, and passes descriptors on"
  },
  { name: "vsock", class: "vsock", reason: "the hypervisor, past every network namespace" },
  { name: "vsock-datagram", class: "vsock", reason: "the hypervisor by datagrams, past a filter that knows streams only" },
  { name: "af-alg", class: "other sockets", reason: "the kernel's cryptography, a frequent way to the kernel itself" },
  { name: "socket-rare-family", class: "other sockets", reason: "families that no network namespace divides, or that nobody guards" },
  { name: "netlink-route-change", class: "netlink", reason: "routes and addresses: a cage that can change them can leave by them" },
  { name: "netlink-audit", class: "netlink", reason: "the kernel's audit rules and log" },
  { name: "netlink-netfilter", class: "netlink", reason: "the packet filter's tables" },
  { name: "kill-outside", class: "processes outside", reason: "signals to processes outside, the gateway and the runner among them" },
  { name: "ptrace-outside", class: "processes outside", reason: "memory and code of a process outside: it does what the tracer wants" },
  { name: "proc-mem-outside", class: "processes outside", reason: "memory of a process outside, tokens and keys with it" },
  { name: "proc-environ-outside", class: "processes outside", reason: "the environment of a process outside, tokens with it" },
  { name: "proc-fd-outside", class: "processes outside", reason: "files and pipes that a process outside has open" },
  {
    name: "proc-root-outside",
    class: "processes outside",
    reason: "the host's whole file system, by the root folder of a process outside"
  },
  { name: "proc-cwd-outside", class: "processes outside", reason: "the folder that a process outside works in, past every mount" },
  { name: "proc-namespace-outside", class: "nsenter and setns", reason: "entering the namespaces of a process outside, as nsenter does" },
  { name: "setns-pidfd-outside", class: "nsenter and setns", reason: "entering the network of a process outside by its pidfd" },
  { name: "pidfd-outside", class: "processes outside", reason: "a handle on a process outside: signals, and its descriptors" },
  { name: "process-vm-readv", class: "processes outside", reason: "memory of a process outside, read in one call" },
  { name: "priority-outside", class: "processes outside", reason: "processing time of a process outside, starved or raised" },
  { name: "limits-outside", class: "processes outside", reason: "limits of a process outside, which can stop it" },
  { name: "setns-init", class: "nsenter and setns", reason: "entering the namespaces of the cage's first process, which has rights" },
  { name: "ptrace-init", class: "processes outside", reason: "the cage's first process, which has rights: it does what the tracer wants" },
  { name: "namespace-net", class: "namespaces", reason: "the host's own network, for want of a namespace" },
  { name: "namespace-pid", class: "namespaces", reason: "the host's own processes, for want of a namespace" },
  { name: "namespace-mnt", class: "namespaces", reason: "the host's own mounts, for want of a namespace" },
  { name: "namespace-ipc", class: "namespaces", reason: "the host's own shared memory and message queues, for want of a namespace" },
  { name: "namespace-uts", class: "namespaces", reason: "the host's own host name, for want of a namespace" },
  {
    name: "user-namespace-unshare",
    class: "nested user namespaces",
    reason: "all capabilities, over namespaces of one's own and over much of the kernel"
  },
  { name: "user-namespace-clone", class: "nested user namespaces", reason: "the same by clone, past a filter that knows unshare only" },
  { name: "user-namespace-clone3", class: "nested user namespaces", reason: "the same by clone3, whose arguments no filter can see" },
  {
    name: "user-namespace-int80",
    class: "nested user namespaces",
    reason: "the same by the 32-bit calls, past a filter that knows 64-bit numbers only"
  },
  {
    name: "user-namespace-x32",
    class: "nested user namespaces",
    reason: "the same by the x32 calls, past a filter that knows plain numbers only"
  },
  { name: "unshare-mount", class: "mounts", reason: "a mount namespace of one's own, in which what is hidden may be uncovered" },
  { name: "mount-new", class: "mounts", reason: "mounts of one's own over what is closed" },
  { name: "mount-by-descriptor", class: "mounts", reason: "mounts by the newer calls, past a filter that knows mount only" },
  { name: "open-tree-clone", class: "mounts", reason: "a copy of the mounts without what covers them" },
  { name: "remount-root-writable", class: "mounts", reason: "a root file system that can be written again" },
  { name: "mount-attributes", class: "mounts", reason: "read-only mounts made writable by the newer call" },
  { name: "unmount", class: "mounts", reason: "what a mount covers: the host's files beneath" },
  { name: "pivot-root", class: "mounts", reason: "another root folder, the old one within reach" },
  { name: "chroot", class: "mounts", reason: "a root folder of one's own, the classic way around the one given" },
  { name: "sudo-set-uid", class: "sudo, su, pkexec", reason: "sudo: a program that starts with its owner's rights, not the caller's" },
  { name: "su-set-uid", class: "sudo, su, pkexec", reason: "su: a program that starts with its owner's rights, not the caller's" },
  { name: "pkexec-set-uid", class: "sudo, su, pkexec", reason: "pkexec: a program that starts with its owner's rights, not the caller's" },
  { name: "mount-set-uid", class: "set-uid binaries", reason: "mount: a program that starts with its owner's rights, not the caller's" },
  { name: "crontab-set-gid", class: "cron and at", reason: "crontab: commands that run outside, later" },
  { name: "at-set-uid", class: "cron and at", reason: "at: commands that run outside, later" },
  { name: "file-capabilities", class: "set-uid binaries", reason: "a program whose file grants capabilities" },
  { name: "cron-spool", class: "cron and at", reason: "a crontab written by hand: commands that run outside, later" },
  { name: "at-spool", class: "cron and at", reason: "an at job written by hand: commands that run outside, later" },
  { name: "cron-folder", class: "cron and at", reason: "a file for the system's crontab: commands that run outside as root" },
  { name: "another-user", class: "rights", reason: "another user's files and processes" },
  { name: "another-group", class: "rights", reason: "a group's files, Docker's socket among them" },
  { name: "capabilities", class: "rights", reason: "capabilities that were left" },
  { name: "new-privileges", class: "rights", reason: "rights gained by starting a program" },
  { name: "system-call-filter", class: "rights", reason: "every call that the kernel has" },
  { name: "inherited-descriptor", class: "descriptors", reason: "a file or socket of the wrapper's that was left open" },
  { name: "core-pattern-write", class: "files of the kernel", reason: "a program that the kernel starts as root at each crash" },
  { name: "modprobe-path-write", class: "files of the kernel", reason: "a program that the kernel starts as root for each missing module" },
  { name: "sysrq-trigger", class: "files of the kernel", reason: "reboots, killings and dumps of the whole machine" },
  {
    name: "uevent-program-write",
    class: "files of the kernel",
    reason: "a program that the kernel starts as root at each event of a device"
  },
  { name: "binfmt-register", class: "files of the kernel", reason: "an interpreter that runs with the rights of whoever starts a program" },
  {
    name: "cgroup-write",
    class: "files of the kernel",
    reason: "control groups: limits of others, and a program that the kernel starts as root"
  },
  { name: "root-files-write", class: "files", reason: "the system's own programs and settings" },
  { name: "hidden-file-read", class: "files", reason: "the session's key and settings" },
  {
    name: "action-dist-write",
    class: "file commands and the action",
    reason: "the gate's own program: the next step runs what is written there"
  },
  {
    name: "runner-env-write",
    class: "file commands and the action",
    reason: "GITHUB_ENV: variables that make the next step run something else"
  },
  {
    name: "runner-path-write",
    class: "file commands and the action",
    reason: "GITHUB_PATH: programs of one's own in place of the next step's"
  },
  { name: "runner-summary-write", class: "file commands and the action", reason: "GITHUB_STEP_SUMMARY: what people read about the job" },
  { name: "block-device-open", class: "devices", reason: "every file of the machine, by its disk" },
  { name: "terminal-outside", class: "devices", reason: "the terminal outside: what is typed into it runs there" },
  { name: "dev-mem", class: "devices", reason: "the machine's memory" },
  { name: "dev-kmsg", class: "devices", reason: "the kernel's log, and lines in its name" },
  { name: "dev-tun", class: "devices", reason: "a network of one's own" },
  { name: "dev-kvm", class: "devices", reason: "virtual machines, a large part of the kernel" },
  { name: "dev-fuse", class: "devices", reason: "file systems of one's own" },
  { name: "dev-vsock", class: "devices", reason: "the hypervisor" },
  { name: "dev-loop", class: "devices", reason: "disks made of files" },
  { name: "dev-userfaultfd", class: "devices", reason: "page faults held up, a help against the kernel" },
  { name: "device-node", class: "devices", reason: "device files of one's own: any disk, any memory" },
  { name: "io-uring", class: "io_uring", reason: "input and output past the filter for system calls" },
  { name: "keyring-read", class: "keyrings", reason: "keys in the keyring that the caller's other programs share" },
  { name: "keyring-write", class: "keyrings", reason: "a place in the kernel that outlives the cage" },
  { name: "keyring-request", class: "keyrings", reason: "a key asked for, which may start a program outside" },
  { name: "bpf", class: "kernel calls", reason: "programs in the kernel" },
  { name: "perf-event", class: "kernel calls", reason: "what every process on a processor does" },
  { name: "userfaultfd", class: "kernel calls", reason: "page faults held up, a help against the kernel" },
  { name: "module-load", class: "kernel calls", reason: "code in the kernel" },
  { name: "kexec", class: "kernel calls", reason: "another kernel" },
  { name: "open-by-handle", class: "kernel calls", reason: "files by their number, past every folder and mount" },
  { name: "host-name-change", class: "namespaces", reason: "the machine's name" },
  { name: "clock-set", class: "kernel calls", reason: "the machine's clock, and with it every time limit and signature" },
  { name: "io-ports", class: "kernel calls", reason: "the machine's devices by their ports" },
  { name: "swap", class: "kernel calls", reason: "the machine's memory laid out in a file" },
  { name: "accounting", class: "kernel calls", reason: "the machine's accounting of processes" },
  { name: "kernel-log", class: "kernel calls", reason: "the kernel's log, addresses and secrets with it" }
];

// wrapper/escape-survey.ts
import { spawn } from "node:child_process";

// wrapper/escape-report.ts
var FAULTS_TOLD_MAX = 5;
function judgeEscapes(inside, outside, expected = ESCAPES) {
  const nothingThere = new Set(outside.filter(({ verdict }) => verdict === "absent" || verdict === "late").map(({ name }) => name));
  const known = new Set(expected.map(({ name }) => name));
  const strangers = inside.filter(({ name }) => !known.has(name)).map(({ name }) => `${name} is not on the list`);
  const judged = expected.map((each) => judge(each, inside, nothingThere));
  const results = judged.map(({ result }) => result);
  const faults = [...strangers, ...judged.flatMap(({ fault }) => fault ?? [])];
  const count = (wanted) => results.filter(({ verdict }) => verdict === wanted).length;
  const bad = faults.length === 0 ? "" : `, ${count("open")} open`;
  const summary = `confinement: ${results.length} escapes tried, ${count("held")} held, ${count("absent")} absent${bad}`;
  return { results, faults, summary };
}
function requireNoWayOut({ faults }) {
  if (faults.length === 0) return;
  const more = faults.length > FAULTS_TOLD_MAX ? `; and ${faults.length - FAULTS_TOLD_MAX} more` : "";
  throw new WrapError("escape", `Cannot trust the cage: ${faults.slice(0, FAULTS_TOLD_MAX).join("; ")}${more}, expected no way out`);
}
function judge({ name, reason }, inside, nothingThere) {
  const [result, ...others] = inside.filter((each) => each.name === name);
  const unproved = (why) => ({ result: { name, verdict: "late", detail: why }, fault: `${name} ${why} (${reason})` });
  if (result === void 0) return unproved("was not tried");
  if (others.length > 0) return unproved(`was told ${others.length + 1} times`);
  switch (result.verdict) {
    case "open":
      return { result, fault: `${name} succeeded: ${result.detail} (${reason})` };
    case "late":
      return { result, fault: `${name} came to no end: ${result.detail} (${reason})` };
    case "held":
      return { result: nothingThere.has(name) ? { ...result, verdict: "absent" } : result, fault: null };
    case "absent":
      return { result, fault: null };
  }
}
var LINE = /^@escape ([a-z0-9-]{1,64}) (held|open|absent|late) ([ -~]{0,96})$/;
function parseEscapeLine(line) {
  const [, name, verdict, detail] = LINE.exec(line) ?? [];
  if (name === void 0 || verdict === void 0 || detail === void 0) return null;
  return { name, verdict, detail };
}

// wrapper/escape-survey.ts
var SURVEY_MS_MAX = 3e3;
var REPORT_CHARS_MAX = 64 * 1024;
function surveyHost(program, baits, scope) {
  const records2 = [...baits, "outside=1", ...scope === "kernel" ? ["only=kernel"] : []];
  return new Promise((resolve2) => {
    const child = spawn(program, ["probe", "0"], {
      ...{ cwd: "/", env: {}, stdio: ["pipe", "ignore", "pipe"], detached: true, timeout: SURVEY_MS_MAX, killSignal: "SIGKILL" }
    });
    let report = "";
    child.once("error", () => resolve2([]));
    child.stdin?.on("error", () => void 0);
    child.stderr?.setEncoding("utf8").on("data", (chunk) => {
      if (report.length < REPORT_CHARS_MAX) report += chunk;
    });
    child.once("close", () => resolve2(report.split("\n").flatMap((line) => parseEscapeLine(line) ?? [])));
    child.stdin?.end(records2.map((record2) => `${record2}\0`).join(""));
  });
}

// wrapper/escape-check.ts
import { join as join3 } from "node:path";

// wrapper/escape-baits.ts
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { join as join2 } from "node:path";

// wrapper/host-places.ts
import { existsSync, readdirSync, readFileSync as readFileSync2, readlinkSync, realpathSync as realpathSync2, statSync } from "node:fs";
import { dirname, join } from "node:path";
var BAITS_OF_A_KIND_MAX = 4;
function hostPlaces(view) {
  return [
    ...records(sockets(view), isSocket),
    ...records(PROGRAMS, isProgram),
    ...records(FOLDERS, isFolder).map(withNumbers),
    ...records(writtenFiles(view), isFile).map(withNumbers),
    ...records({ "terminal-outside": ownTerminals() }, existsSync).map(withNumbers),
    ...records({ "cgroup-write": controlGroupFiles() }, existsSync),
    ...records({ "block-device-open": blockDevices() }, existsSync),
    ...resolvers().map((address) => `dns-real-resolver=${address}`),
    ...["net", "pid", "mnt", "ipc", "uts"].map((name) => `namespace-${name}=${statSync(`/proc/self/ns/${name}`).ino}`),
    `outside-process=${process.pid} ${startTime()}`
  ];
}
function sockets({ uid, env }) {
  const own = `/run/user/${uid}`;
  const run = (path) => [`/run/${path}`, `/var/run/${path}`];
  const home = env["HOME"] ?? "";
  return {
    "container-socket-docker": [...run("docker.sock"), `${own}/docker.sock`, join(home, ".docker/run/docker.sock")],
    "container-socket-containerd": run("containerd/containerd.sock"),
    "container-socket-podman": [...run("podman/podman.sock"), `${own}/podman/podman.sock`],
    "container-socket-crio": run("crio/crio.sock"),
    "container-socket-buildkit": [...run("buildkit/buildkitd.sock"), `${own}/buildkit/buildkitd.sock`],
    "dbus-system": run("dbus/system_bus_socket"),
    "dbus-session": [`${own}/bus`, ...busPath(env["DBUS_SESSION_BUS_ADDRESS"])],
    "systemd-private": run("systemd/private"),
    "systemd-user-private": [`${own}/systemd/private`],
    "dns-resolved-socket": run("systemd/resolve/io.systemd.Resolve"),
    "dns-nscd-socket": run("nscd/socket"),
    "ssh-agent": [env["SSH_AUTH_SOCK"] ?? "", `${own}/ssh-agent.socket`, `${own}/keyring/ssh`],
    "gpg-agent": [`${own}/gnupg/S.gpg-agent`, join(env["GNUPGHOME"] ?? join(home, ".gnupg"), "S.gpg-agent")]
  };
}
var PROGRAMS = {
  "sudo-set-uid": ["/usr/bin/sudo", "/usr/local/bin/sudo"],
  "su-set-uid": ["/usr/bin/su", "/bin/su"],
  "pkexec-set-uid": ["/usr/bin/pkexec"],
  "mount-set-uid": ["/usr/bin/mount", "/bin/mount"],
  "crontab-set-gid": ["/usr/bin/crontab"],
  "at-set-uid": ["/usr/bin/at"],
  "file-capabilities": ["/usr/bin/ping", "/usr/bin/newuidmap", "/usr/bin/newgidmap", "/usr/bin/mtr-packet", "/usr/bin/dumpcap"]
};
var FOLDERS = {
  "cron-spool": ["/var/spool/cron/crontabs", "/var/spool/cron"],
  "at-spool": ["/var/spool/cron/atjobs", "/var/spool/at", "/var/spool/atjobs"],
  "cron-folder": ["/etc/cron.d"]
};
function writtenFiles({ env, programFiles }) {
  const named = (name) => [env[name] ?? ""];
  return {
    "action-dist-write": programFiles,
    "runner-env-write": named("GITHUB_ENV"),
    "runner-path-write": named("GITHUB_PATH"),
    "runner-summary-write": named("GITHUB_STEP_SUMMARY")
  };
}
function busPath(address) {
  const path = /(?:^|;)unix:path=([^,;]+)/.exec(address ?? "")?.[1];
  return path === void 0 ? [] : [path];
}
function ownTerminals() {
  const terminals = [0, 1, 2].map((fd) => attempt(() => readlinkSync(`/proc/self/fd/${fd}`)) ?? "");
  return [...new Set(terminals.filter((path) => /^\/dev\/(?:pts\/\d+|tty\w+)$/.test(path)))];
}
function controlGroupFiles() {
  const root = "/sys/fs/cgroup";
  const names = attempt(() => readdirSync(root)) ?? [];
  const own = /^0::(\/.*)$/m.exec(attempt(() => readFileSync2("/proc/self/cgroup", "utf8")) ?? "")?.[1] ?? "/";
  return [join(root, own, "cgroup.procs"), join(root, "cgroup.procs"), ...names.map((name) => join(root, name, "release_agent"))];
}
function blockDevices() {
  const names = attempt(() => readdirSync("/sys/class/block")) ?? [];
  return names.filter((name) => !/^(?:loop|ram|zram)/.test(name)).map((name) => `/dev/${name}`);
}
function resolvers() {
  const text = attempt(() => readFileSync2("/etc/resolv.conf", "utf8")) ?? "";
  return [...text.matchAll(/^nameserver\s+([0-9a-fA-F.:]+)\s*$/gm)].map(([, address = ""]) => address).slice(0, BAITS_OF_A_KIND_MAX);
}
function startTime() {
  const stat = readFileSync2("/proc/self/stat", "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
function records(paths, is) {
  return Object.entries(paths).flatMap(([name, candidates]) => {
    const found = candidates.filter((path) => path.startsWith("/") && !path.includes("\0") && is(path));
    const real = new Set(
      found.map((path) => attempt(() => join(realpathSync2(dirname(path)), path.slice(path.lastIndexOf("/") + 1))) ?? path)
    );
    return [...real].slice(0, BAITS_OF_A_KIND_MAX).map((path) => `${name}=${path}`);
  });
}
function withNumbers(record2) {
  const [name = "", path = ""] = splitOnce(record2);
  const { dev, ino } = statSync(path, { bigint: true });
  return `${name}=${dev} ${ino} ${path}`;
}
function splitOnce(record2) {
  const at = record2.indexOf("=");
  return [record2.slice(0, at), record2.slice(at + 1)];
}
var isSocket = (path) => attempt(() => statSync(path).isSocket()) ?? false;
var isProgram = (path) => attempt(() => statSync(path).isFile()) ?? false;
var isFolder = (path) => attempt(() => statSync(path).isDirectory()) ?? false;
var isFile = isProgram;
function attempt(look) {
  try {
    return look();
  } catch {
    return null;
  }
}

// wrapper/escape-baits.ts
var FOLDER_PREFIX = "duty-gate-bait-";
async function openEscapeBaits(settings) {
  const cookie = randomBytes(16).toString("hex");
  const { v4, v6 } = hostAddresses(networkInterfaces());
  const opened = await Promise.all([
    tcp("tcp-loopback", "127.0.0.1", cookie),
    tcp("tcp6-loopback", "::1", cookie),
    tcp("tcp-host-address", v4, cookie),
    tcp("tcp6-host-address", v6, cookie),
    udp("udp-loopback", "127.0.0.1", cookie),
    udp("udp6-loopback", "::1", cookie),
    udp("udp-host-address", v4, cookie),
    listen("abstract-socket", `\0duty-gate-${randomBytes(8).toString("hex")}`, cookie),
    ...Object.entries(settings.socketFolders).map(([place2, folder]) => pathSocket(`path-socket-${place2}`, folder, cookie))
  ]);
  const baits = [...opened, hiddenFile(settings.sessionFolder, cookie)].filter((bait) => bait !== null);
  return {
    records: [`cookie=${cookie}`, ...baits.map(({ record: record2 }) => record2), ...hostPlaces(settings)],
    close: () => {
      for (const bait of baits.splice(0)) bait.close();
    }
  };
}
function hostAddresses(interfaces) {
  const own = Object.values(interfaces).flatMap(
    (addresses = []) => addresses.filter(({ internal, address }) => !internal && !/^fe80:/i.test(address))
  );
  const first = (family) => own.find((each) => each.family === family)?.address ?? null;
  return { v4: first("IPv4"), v6: first("IPv6") };
}
function tcp(name, host, cookie) {
  return host === null ? Promise.resolve(null) : listen(name, { host, port: 0 }, cookie);
}
function listen(name, where, cookie) {
  const server = createServer((socket) => {
    socket.on("error", () => void 0);
    socket.end(cookie);
  });
  server.unref();
  return new Promise((resolve2) => {
    server.once("error", () => resolve2(null));
    server.listen(where, () => {
      const address = server.address();
      const at = typeof address === "object" && address !== null ? `${address.address} ${address.port}` : String(where).replace("\0", "@");
      resolve2({ record: `${name}=${at}`, close: () => void server.close() });
    });
  });
}
function udp(name, host, cookie) {
  if (host === null) return Promise.resolve(null);
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  socket.on("message", (_message, from) => socket.send(cookie, from.port, from.address));
  socket.unref();
  return new Promise((resolve2) => {
    socket.on("error", () => resolve2(null));
    socket.bind({ address: host, port: 0 }, () => {
      const { address, port } = socket.address();
      resolve2({ record: `${name}=${address} ${port}`, close: () => void socket.close() });
    });
  });
}
async function pathSocket(name, parent, cookie) {
  let folder;
  try {
    folder = mkdtempSync(join2(parent, FOLDER_PREFIX));
  } catch {
    return null;
  }
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const bait = await listen(name, join2(folder, "socket"), cookie);
  if (bait === null) remove();
  return bait && {
    record: bait.record,
    close: () => {
      bait.close();
      remove();
    }
  };
}
function hiddenFile(folder, cookie) {
  const path = join2(folder, "bait");
  writeFileSync(path, cookie, { mode: 384 });
  return { record: `hidden-file-read=${path}`, close: () => rmSync(path, { force: true }) };
}

// wrapper/escape-check.ts
function layBaits(sessionFolder, uid) {
  const home = process.env["HOME"] ?? "";
  const socketFolders = {
    tmp: "/tmp",
    run: uid === 0 ? "/run" : `/run/user/${uid}`,
    session: sessionFolder,
    ...home.startsWith("/") ? { home } : {}
  };
  return openEscapeBaits({ uid, env: process.env, programFiles: [join3(programFolder(), "duty-gate.js")], sessionFolder, socketFolders });
}
function surveyForRun(baits) {
  return surveyHost(cageProgram(), baits.records, "kernel");
}
async function tryEscapes(cage, outside) {
  cage.probe();
  return judgeEscapes(await cage.probed, await outside);
}

// wrapper/terminate.ts
var FORWARDED_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
function createTerminator(cage, graceMs) {
  let timer = null;
  return {
    request(signal) {
      if (timer !== null) return cage.kill();
      cage.signal(signal);
      timer = setTimeout(() => cage.kill(), graceMs);
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
    }
  };
}
function onSignals(handle) {
  const listeners = FORWARDED_SIGNALS.map((signal) => ({ signal, listener: () => handle(signal) }));
  for (const { signal, listener } of listeners) process.on(signal, listener);
  return () => {
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
}

// wrapper/cage-status.ts
var COMPLAINT_CHARS_MAX = 4096;
var LINE_CHARS_MAX = 8192;
var CageStatusReader = class {
  #line = "";
  #complaints = "";
  get complaints() {
    return this.#complaints.trim();
  }
  push(chunk) {
    const lines = (this.#line + chunk).split("\n");
    this.#line = (lines.pop() ?? "").slice(0, LINE_CHARS_MAX);
    return lines.flatMap((line) => this.#take(line));
  }
  #take(line) {
    const status = parseStatus(line);
    if (status !== null) return [status];
    if (this.#complaints.length < COMPLAINT_CHARS_MAX) this.#complaints += `${line.slice(0, COMPLAINT_CHARS_MAX)}
`;
    return [];
  }
};
function parseStatus(line) {
  const [word, ...rest] = line.split(" ");
  const number = Number(rest[0]);
  switch (word) {
    case "@network":
      return Number.isSafeInteger(number) && number > 0 && /^\d{1,20}$/.test(rest[1] ?? "") ? { kind: "network", pid: number, inode: rest[1] ?? "" } : null;
    case "@aside":
      return { kind: "aside" };
    case "@mount":
      return rest[0] === "+" || rest[0] === "-" ? { kind: "mount", line: rest.slice(1).join(" "), reachable: rest[0] === "+" } : null;
    case "@ready":
      return { kind: "ready" };
    case "@escape":
      return escapeStatus(line);
    case "@probed":
      return { kind: "probed" };
    case "@started":
      return { kind: "started" };
    case "@fail":
      return { kind: "failed", step: rest.join(" ") };
    case "@exit":
      return rest[0] !== "" && Number.isInteger(number) && number >= 0 && number <= 255 ? { kind: "exited", exitCode: number } : null;
    default:
      return null;
  }
}
function escapeStatus(line) {
  const result = parseEscapeLine(line);
  return result === null ? null : { kind: "escape", result };
}

// wrapper/socket-process.ts
import { spawn as spawn2 } from "node:child_process";
import { closeSync, openSync } from "node:fs";
function startSocketProcess(command, stdin, stdout, ownFd) {
  const [file = "", ...args] = command;
  const nothing = openSync("/dev/null", "r");
  const others = Array.from({ length: ownFd - 2 }, (_, index) => index + 3 === ownFd ? nothing : "ignore");
  const child = spawn2(file, args, { cwd: "/", env: {}, detached: true, stdio: [stdin, stdout, "pipe", ...others] });
  closeSync(nothing);
  return { child, orders: asSocket(child.stderr) };
}
function asSocket(stream) {
  if (typeof stream !== "object" || stream === null || !("write" in stream) || !("setNoDelay" in stream)) {
    throw new WrapError("set-up", "Cannot talk to the cage: its channel is one-way, expected a socket");
  }
  return stream;
}

// wrapper/caged-command.ts
var START_MS_MAX = 3e4;
var CagedCommand = class {
  /** Nothing of ours is needed any more for it to run: it does, or has ended. Never rejects. */
  settled;
  /** Never rejects. */
  ended;
  #child;
  #orders;
  #reader = new CageStatusReader();
  #settled = Promise.withResolvers();
  #ended = Promise.withResolvers();
  #timer;
  #isStarted = false;
  /**
   * @param command of namespace.ts; @param stdin descriptor for the command's own; `ignore` where its terminal is.
   * @param ownFd the terminal's master, which no child is to have.
   */
  constructor(command, stdin, ownFd) {
    const { child, orders } = startSocketProcess(command, stdin, "ignore", ownFd);
    this.#child = child;
    this.#orders = orders;
    this.settled = this.#settled.promise;
    this.ended = this.#ended.promise;
    this.#timer = setTimeout(() => this.#fail(`it took longer than ${START_MS_MAX} ms`), START_MS_MAX);
    orders.setEncoding("utf8");
    orders.on("data", (chunk) => {
      for (const status of this.#reader.push(chunk)) this.#take(status);
    });
    orders.on("error", () => void 0);
    child.once("error", (error) => this.#lost(error.message));
    child.once("close", () => this.#lost("it ended"));
  }
  signal(name) {
    this.#orders.write(`signal ${name.replace(/^SIG/, "")}
`);
  }
  /** Ends it with all it has started, but for what that has made its own. */
  kill() {
    this.#orders.write("kill\n");
  }
  #take(status) {
    switch (status.kind) {
      case "started":
        this.#isStarted = true;
        this.#settle();
        break;
      case "exited":
        if (this.#isStarted) this.#end({ kind: "exited", exitCode: status.exitCode });
        else this.#fail("it ended");
        break;
      case "failed":
        this.#fail(`the step ${JSON.stringify(status.step)} failed`);
        break;
      default:
        this.#fail("it speaks of a cage");
        break;
    }
  }
  #lost(why) {
    if (this.#isStarted) this.#end({ kind: "killed" });
    else this.#fail(why);
  }
  #fail(why) {
    const said = this.#reader.complaints === "" ? "" : ` (${this.#reader.complaints})`;
    const error = new WrapError("set-up", `Cannot start the command in its cage: ${why}${said}, expected every step to succeed`);
    this.#end({ kind: "failed", error });
    this.#orders.destroy();
    this.#child.kill("SIGKILL");
  }
  #end(exit) {
    this.#settle();
    this.#ended.resolve(exit);
  }
  #settle() {
    clearTimeout(this.#timer);
    this.#settled.resolve();
  }
};

// wrapper/caller-settings.ts
import { readFileSync as readFileSync3 } from "node:fs";

// wrapper/limits.ts
var RESOURCES = {
  "Max cpu time": "cpu",
  "Max file size": "fsize",
  "Max data size": "data",
  "Max stack size": "stack",
  "Max core file size": "core",
  "Max resident set": "rss",
  "Max processes": "nproc",
  "Max open files": "nofile",
  "Max locked memory": "memlock",
  "Max address space": "as",
  "Max file locks": "locks",
  "Max pending signals": "sigpending",
  "Max msgqueue size": "msgqueue",
  "Max nice priority": "nice",
  "Max realtime priority": "rtprio",
  "Max realtime timeout": "rttime"
};
function limitWords(own, parent) {
  const limits = parse(own);
  const files = limits.get("nofile");
  const before = parent === null ? void 0 : parse(parent).get("nofile");
  if (files !== void 0 && before !== void 0 && isLower(before.soft, files.soft)) {
    limits.set("nofile", { soft: before.soft, hard: files.hard });
  }
  return [...limits].map(([option, { soft, hard }]) => `${option}=${soft}:${hard}`);
}
function parse(text) {
  const limits = /* @__PURE__ */ new Map();
  for (const line of text.split("\n")) {
    const match = /^(Max [a-z ]+?) {2,}(unlimited|\d+) +(unlimited|\d+)/.exec(line);
    const option = match?.[1] === void 0 ? void 0 : RESOURCES[match[1]];
    if (match?.[2] !== void 0 && match[3] !== void 0 && option !== void 0) limits.set(option, { soft: match[2], hard: match[3] });
  }
  return limits;
}
function isLower(a, b) {
  return a !== "unlimited" && (b === "unlimited" || BigInt(a) < BigInt(b));
}

// wrapper/caller-settings.ts
function callerSettings(more) {
  return { ...more, uid: ownId(process.getuid), gid: ownId(process.getgid), umask: process.umask(), limits: callerLimits() };
}
function callerLimits() {
  const read = (pid) => {
    try {
      return readFileSync3(`/proc/${pid}/limits`, "utf8");
    } catch {
      return null;
    }
  };
  return limitWords(read("self") ?? "", read(String(process.ppid)));
}
function ownId(get) {
  if (get === void 0) throw new WrapError("set-up", "Cannot make a cage: this system has no user ids, expected Linux");
  return get();
}

// wrapper/claim-cage.ts
import { createHash as createHash3 } from "node:crypto";
import { lstatSync as lstatSync4, writeFileSync as writeFileSync2 } from "node:fs";
import { join as join6 } from "node:path";

// wrapper/cage-mounts.ts
import { randomBytes as randomBytes2 } from "node:crypto";
import { lstatSync as lstatSync3, readlinkSync as readlinkSync2, statSync as statSync6 } from "node:fs";
import { dirname as dirname5, resolve } from "node:path";

// wrapper/base-mounts.ts
import { dirname as dirname2 } from "node:path";

// wrapper/mount-line.ts
var HOST_ASIDE = "/run/duty-gate-aside/host";
var LAYERS_ASIDE = "/run/duty-gate-aside/layers";
var ASIDE = "/run/duty-gate-aside";
var OPTION_BREAKERS = /[,:"\\\n]/;
function fstab(lines) {
  return lines.filter(({ type }) => type !== "alias").map(({ source, point, type, options }) => `${field(source)} /.${field(point)} ${type} ${field(options.join(","))} 0 0
`).join("");
}
function optionPath(path) {
  if (!isOptionPath(path)) {
    throw new WrapError("set-up", `Cannot lay an overlay over ${JSON.stringify(path)}: its name has one of , : " \\, expected none`);
  }
  return path;
}
function isOptionPath(path) {
  return !OPTION_BREAKERS.test(path);
}
function field(text) {
  return text.replace(/[ \t\n\r\\#]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`);
}

// wrapper/base-mounts.ts
var PRIVATE_FOLDERS = ["/run", "/dev", "/proc"];
var OWN_FOLDER = "/run/duty-gate";
var ALIASES_FOLDER = "/run/duty-gate/aliases";
var ALIASED_FOLDER = "/run/duty-gate-aliases";
var LAUNCHERS_FOLDER = "/run/duty-gate/agents";
var EMPTY_FILE = "/run/duty-gate/empty";
var DEVICES = ["null", "zero", "full", "random", "urandom", "tty"];
var QUIET = ["nosuid", "nodev"];
function firstMounts({ name, uid, owner, layersFolder, resolvConf: resolvConf2, hasVarRun }) {
  const tmpfs = (point, ...options) => ({
    point,
    source: name,
    type: "tmpfs",
    options: [...options, "X-mount.mkdir"]
  });
  const owned = [`uid=${owner.uid}`, `gid=${owner.gid}`];
  const resolvFolder = dirname2(resolvConf2);
  return [
    { point: "/run", source: name, type: "tmpfs", options: ["mode=0755", ...QUIET, "size=256m"] },
    ...hasVarRun ? [tmpfs("/var/run", "mode=0755", ...QUIET, "size=64m")] : [],
    { point: HOST_ASIDE, source: "/", type: "none", options: ["rbind", "X-mount.mkdir"] },
    ...layersFolder === null ? [] : [bind(layersFolder, LAYERS_ASIDE, "rw", ...QUIET, "X-mount.mkdir")],
    tmpfs("/run/lock", "mode=1777", ...QUIET, "size=8m"),
    tmpfs(`/run/user/${uid}`, "mode=0700", ...owned, ...QUIET, "size=256m"),
    tmpfs(OWN_FOLDER, "mode=0755", ...QUIET, "size=8m"),
    ...resolvFolder.startsWith("/run/") ? [tmpfs(resolvFolder, "mode=0755", ...QUIET, "size=64k")] : [],
    { point: "/dev", source: name, type: "tmpfs", options: ["mode=0755", "nosuid", "noexec", "size=64k"] },
    {
      point: "/dev/pts",
      source: name,
      type: "devpts",
      options: ["newinstance", "ptmxmode=0666", "mode=0620", "nosuid", "noexec", "X-mount.mkdir"]
    },
    tmpfs("/dev/shm", "mode=1777", ...QUIET)
  ];
}
var DEVICE_FILES = [...DEVICES, "console"];
function deviceMounts({ console: console2 }) {
  const sources = [
    ...DEVICES.map((name) => ({ name, source: `/dev/${name}` })),
    ...console2 === null ? [] : [{ name: "console", source: console2 }]
  ];
  const devices = sources.map(({ name, source }) => bind(`${HOST_ASIDE}${source}`, `/dev/${name}`, "ro", "dev", "nosuid", "noexec"));
  return console2 === null ? [...devices, bind(EMPTY_FILE, "/dev/console", "ro", ...QUIET, "noexec")] : devices;
}
function lastMounts({ name, resolvConf: resolvConf2 }) {
  return [
    bind(`${OWN_FOLDER}/resolv.conf`, resolvConf2, "ro", ...QUIET),
    bind(OWN_FOLDER, OWN_FOLDER, "ro", ...QUIET),
    { point: ASIDE, source: name, type: "tmpfs", options: ["ro", "mode=0555", ...QUIET, "noexec", "size=4k"] }
  ];
}
function bind(source, point, ...options) {
  return { point, source, type: "none", options: ["bind", ...options] };
}

// wrapper/closed-folders.ts
import { statSync as statSync2 } from "node:fs";
import { dirname as dirname3 } from "node:path";
var SEARCH_BY_GROUP_OR_OTHERS = 9;
function isBehindClosedFolder(path, uid) {
  for (let folder = dirname3(path); ; folder = dirname3(folder)) {
    const found = statSync2(folder, { throwIfNoEntry: false });
    if (found !== void 0 && found.uid !== uid && (found.mode & SEARCH_BY_GROUP_OR_OTHERS) === 0) return true;
    if (folder === dirname3(folder)) return false;
  }
}

// wrapper/mount-table.ts
import { readFileSync as readFileSync4 } from "node:fs";
import { posix } from "node:path";
var OCTAL_ESCAPE = /\\([0-7]{3})/g;
function readMountTable() {
  return parseMountTable(readFileSync4("/proc/self/mountinfo", "utf8"));
}
function parseMountTable(text) {
  return text.split("\n").flatMap((line) => {
    const [own = "", fileSystem = ""] = line.split(" - ");
    const [id, parent, device, root, point, options] = own.split(" ");
    const [type = ""] = fileSystem.split(" ");
    if (id === void 0 || parent === void 0 || device === void 0 || root === void 0 || point === void 0) return [];
    return [{ id, parent, device, root: unescaped(root), point: unescaped(point), options: (options ?? "").split(","), type }];
  });
}
function visibleMounts(mounts) {
  const byId = new Map(mounts.map((mount) => [mount.id, mount]));
  const isOnRoot = ({ parent, point }) => byId.get(parent)?.point === point && !byId.has(byId.get(parent)?.parent ?? "");
  const taken = new Set(mounts.filter((mount) => !isOnRoot(mount)).map(({ parent, point }) => `${parent} ${point}`));
  const known = /* @__PURE__ */ new Map();
  const isReached2 = (mount) => {
    const before = known.get(mount);
    if (before !== void 0) return before;
    known.set(mount, false);
    const parent = byId.get(mount.parent);
    const reached = parent === void 0 || parent === mount || isReached2(parent) && !foldersAbove(mount.point, parent.point).some((folder) => taken.has(`${parent.id} ${folder}`));
    known.set(mount, reached);
    return reached;
  };
  return mounts.filter((mount) => isReached2(mount) && !taken.has(`${mount.id} ${mount.point}`));
}
function mountOf(path, mounts) {
  return mounts.reduce(
    (best, mount) => isWithin(path, mount.point) && (best === null || mount.point.length >= best.point.length) ? mount : best,
    null
  );
}
function isWithin(path, folder) {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}
function foldersAbove(path, top) {
  const folders = [];
  for (let end = path.lastIndexOf("/"); end >= 0 && path !== "/"; end = path.lastIndexOf("/", end - 1)) {
    const folder = end === 0 ? "/" : path.slice(0, end);
    if (!isWithin(folder, top)) break;
    folders.push(folder);
    if (end === 0) break;
  }
  return folders;
}
function unescaped(text) {
  return text.replace(OCTAL_ESCAPE, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
}
function partOf(mount, path) {
  return mount === null ? null : { device: mount.device, root: posix.join(mount.root, posix.relative(mount.point, path)) };
}

// wrapper/file-mounts.ts
var KERNEL_TYPES = new Set(
  "autofs binder binfmt_misc bpf cgroup cgroup2 configfs cpuset debugfs devpts devtmpfs efivarfs fusectl mqueue nfsd nsfs proc pstore resctrl rpc_pipefs securityfs selinuxfs smackfs sysfs tracefs".split(" ")
);
var NOBODYS_FOLDERS = [...PRIVATE_FOLDERS, "/sys"];
var QUIET2 = ["nosuid", "nodev"];
var OVERLAY_OPTIONS = ["redirect_dir=nofollow", "index=off", "metacopy=off"];
function fileMounts(plan) {
  const roots = [...rootPlaces(plan)];
  const named = [...roots, ...nestedPlaces(plan, roots), ...bindPlaces(plan)];
  const closed = [...protectedPlaces(plan, named), ...hiddenPlaces(plan), ...aliasPlaces(plan), ...launcherPlaces(plan)];
  const places = [
    ...named.filter(({ point, access }) => access !== "changes" || !plan.protected.some((path) => isBelow(point, path))),
    ...closed
  ];
  const seen = places.filter(({ point }) => !plan.hide.some(({ path, isFolder: isFolder2 }) => isFolder2 && isBelow(point, path)));
  const lasting = seen.filter(({ line }) => line.mayBeGone !== true);
  const held = heldPlaces(plan, lasting, roots);
  const loosely = heldPlaces(plan, [...seen, ...held], roots).map((each) => ({ ...each, line: { ...each.line, mayBeGone: true } }));
  return [...seen, ...held, ...loosely].sort(byDepth).map(({ line }) => line);
}
function rootPlaces({ writable, layers, hostMounts, entrance, name }) {
  const isOurs = (path) => path !== "/" && !NOBODYS_FOLDERS.some((folder) => isWithin(path, folder));
  const opened = writable.filter((path) => isOurs(path) && !KERNEL_TYPES.has(mountOf(path, hostMounts)?.type ?? ""));
  return [
    ...opened.map((point) => place(point, 0, "changes", fromHost(point, hostMounts, "changes"))),
    ...layers.filter(({ path }) => isOurs(path) && !opened.includes(path)).map((layer) => place(layer.path, 0, "changes", overlay(layer, { hostMounts, entrance, name })))
  ];
}
function overlay(layer, { hostMounts, entrance, name }) {
  const { path: point, folder } = layer;
  return {
    point,
    source: name,
    type: "overlay",
    options: [`lowerdir=${optionPath(`${HOST_ASIDE}${point}`)}`, ...upperOptions(folder, entrance), ...QUIET2, ...noexec(point, hostMounts)]
  };
}
function upperOptions(folder, entrance) {
  const attributes = entrance === "sudo" ? [] : ["userxattr"];
  return [`upperdir=${LAYERS_ASIDE}/${folder}/upper`, `workdir=${LAYERS_ASIDE}/${folder}/work`, ...OVERLAY_OPTIONS, ...attributes];
}
function nestedPlaces({ hostMounts, protected: closed }, roots) {
  return hostMounts.flatMap(({ point, options, type }) => {
    const root = mountOf(point, roots);
    if (root === null || root.point === point || NOBODYS_FOLDERS.some((folder) => isWithin(point, folder))) return [];
    const isOpen = root.line.type === "none" && !options.includes("ro") && !KERNEL_TYPES.has(type);
    const access = isOpen && !closed.some((path) => isWithin(point, path)) ? "changes" : "reads";
    return [place(point, 0, access, fromHost(point, hostMounts, access))];
  });
}
function bindPlaces({ binds, hostMounts }) {
  return binds.map(({ source, target }) => {
    const line = bind(`${HOST_ASIDE}${source}`, target, "rw", ...QUIET2, ...noexec(source, hostMounts));
    return place(target, 1, "changes", line);
  });
}
function protectedPlaces({ protected: paths, hostMounts }, named) {
  return paths.filter((path) => accessTo(path, named) === "changes").filter((path) => !paths.some((other) => isBelow(path, other))).map((path) => place(path, 3, "reads", bindWhole(path, path, hostMounts, "ro", inherited(path, named))));
}
function hiddenPlaces({ hide, name }) {
  const options = ["ro", ...QUIET2, "noexec"];
  return hide.map(({ path, isFolder: isFolder2, mayBeGone }) => {
    const line = isFolder2 ? { point: path, source: name, type: "tmpfs", options: [...options, "mode=0555", "size=4k"] } : bind(EMPTY_FILE, path, ...options);
    return place(path, 4, "nothing", mayBeGone ? { ...line, mayBeGone } : line);
  });
}
function aliasPlaces({ aliases }) {
  return aliases.map(({ point }, number) => {
    const line = { point, source: `${ALIASES_FOLDER}/${number}`, type: "alias", options: ["bind", "ro", ...QUIET2] };
    return place(point, 5, "reads", line);
  });
}
function launcherPlaces({ launchers }) {
  return launchers.map(({ rule, path }) => {
    const line = { ...bind(`${LAUNCHERS_FOLDER}/${rule}`, path, "ro", ...QUIET2), mayBeGone: true };
    return place(path, 6, "reads", line);
  });
}
function heldPlaces({ hostMounts }, places, roots) {
  const taken = new Set(places.map(({ point }) => point));
  const folders = new Set(
    places.flatMap(({ point }) => {
      const outermost = roots.filter((root) => isBelow(point, root.point)).sort(byDepth)[0];
      return outermost === void 0 ? [] : foldersAbove(point, outermost.point).slice(0, -1);
    })
  );
  return [...folders].filter((folder) => !taken.has(folder) && accessTo(folder, places) === "changes").map((folder) => place(folder, 2, "changes", bindWhole(folder, folder, hostMounts, "rw", inherited(folder, places))));
}
function accessTo(path, places) {
  return mountOf(path, [...places].sort(byDepth))?.access ?? "reads";
}
function inherited(path, places) {
  return mountOf(path, [...places].sort(byDepth))?.line.options.filter((option) => option === "noexec") ?? [];
}
function fromHost(point, hostMounts, access) {
  return bindWhole(`${HOST_ASIDE}${point}`, point, hostMounts, writability(point, hostMounts, access), noexec(point, hostMounts));
}
function bindWhole(source, point, hostMounts, mode, more) {
  const kind = hostMounts.some((mount) => isBelow(mount.point, point)) ? "rbind" : "bind";
  return { point, source, type: "none", options: [kind, mode, ...QUIET2, ...more] };
}
function writability(point, hostMounts, access) {
  return access === "changes" && !(mountOf(point, hostMounts)?.options.includes("ro") ?? true) ? "rw" : "ro";
}
function noexec(path, hostMounts) {
  return (mountOf(path, hostMounts)?.options ?? []).filter((option) => option === "noexec");
}
function place(point, rank, access, line) {
  return { point, rank, access, line };
}
function isBelow(path, folder) {
  return path !== folder && isWithin(path, folder);
}
function byDepth(one, other) {
  const [a, b] = [one.point.split("/").length, other.point.split("/").length];
  if (a !== b) return a - b;
  if (one.point !== other.point) return one.point < other.point ? -1 : 1;
  return one.rank - other.rank;
}

// wrapper/hidden.ts
import { realpathSync as realpathSync3, statSync as statSync4 } from "node:fs";

// wrapper/other-places.ts
import { statSync as statSync3 } from "node:fs";
import { posix as posix2 } from "node:path";
function otherPlaces(path, mounts) {
  const own = mountOf(path, mounts);
  if (own === null) return [];
  const inside = posix2.join(own.root, posix2.relative(own.point, path));
  const places = mounts.filter(({ device }) => device === own.device).flatMap(({ root, point }) => {
    if (isWithin(inside, root)) return [posix2.join(point, posix2.relative(root, inside))].filter((place2) => isSame(place2, path));
    return isWithin(root, inside) ? [point].filter((place2) => isSame(place2, posix2.join(path, posix2.relative(inside, root)))) : [];
  });
  return [...new Set(places)].filter((place2) => !isWithin(place2, path));
}
function isSame(one, other) {
  try {
    const [a, b] = [statSync3(one, { bigint: true }), statSync3(other, { bigint: true })];
    return a.dev === b.dev && a.ino === b.ino;
  } catch {
    return false;
  }
}

// wrapper/hidden.ts
function hiddenPaths(paths, mounts) {
  const named = paths.map(realPath);
  const real = [.../* @__PURE__ */ new Set([...named, ...named.flatMap((path) => otherPlaces(path, mounts))])].sort();
  const folders = [...PRIVATE_FOLDERS, ...real.filter((path) => statSync4(path).isDirectory())];
  return real.filter((path) => !folders.some((folder) => path.startsWith(`${folder}/`)));
}
function realPath(path) {
  let real;
  try {
    real = realpathSync3(path);
  } catch (cause) {
    throw new WrapError("set-up", `Cannot hide ${JSON.stringify(path)}: it cannot be found, expected a file or folder`, { cause });
  }
  if (real === "/") throw new WrapError("set-up", `Cannot hide ${JSON.stringify(path)}: it is the root folder, expected one below`);
  return real;
}

// wrapper/host-sockets.ts
import { lstatSync, readdirSync as readdirSync2, readFileSync as readFileSync5 } from "node:fs";
import { dirname as dirname4, join as join4 } from "node:path";
var SOCKETS_MAX = 1e4;
var FOLDER_ENTRIES_MAX = 100;
function socketsToHide(paths, reach) {
  const reached = paths.filter((path) => isReached(path, reach) && isSocket2(path));
  const kept = /* @__PURE__ */ new Set(["/", ...reach.kept, ...reach.overlays, ...reach.direct]);
  const above = new Set([...kept].flatMap((path) => foldersAbove(path, "/")));
  return [
    ...new Set(
      reached.map((path) => {
        const folder = dirname4(path);
        return !kept.has(folder) && !above.has(folder) && hasOnlySockets(folder) ? folder : path;
      })
    )
  ];
}
function boundSockets(table = readFileSync5("/proc/net/unix", "utf8")) {
  const paths = table.split("\n").flatMap((line) => {
    const path = /^[0-9a-f]+: (?:\S+ +){5}\S+ (\/.*)$/.exec(line)?.[1];
    return path === void 0 ? [] : [path];
  });
  return [...new Set(paths)].slice(0, SOCKETS_MAX);
}
function isReached(path, { privateFolders, overlays, direct }) {
  const deepest = (folders) => Math.max(-1, ...folders.filter((folder) => isWithin(path, folder)).map(({ length }) => length));
  return !privateFolders.some((folder) => isWithin(path, folder)) && deepest(overlays) <= deepest(direct);
}
function isSocket2(path) {
  try {
    return lstatSync(path).isSocket();
  } catch {
    return false;
  }
}
function hasOnlySockets(folder) {
  try {
    const names = readdirSync2(folder);
    return names.length <= FOLDER_ENTRIES_MAX && names.every((name) => isSocket2(join4(folder, name)));
  } catch {
    return false;
  }
}

// wrapper/layers.ts
import { createHash as createHash2 } from "node:crypto";
import { chmodSync, lstatSync as lstatSync2, mkdirSync, readdirSync as readdirSync4, rmdirSync, rmSync as rmSync2, statSync as statSync5 } from "node:fs";
import { join as join5 } from "node:path";

// wrapper/names-in.ts
import { readdirSync as readdirSync3 } from "node:fs";
function namesIn(folder) {
  try {
    return readdirSync3(folder);
  } catch {
    return [];
  }
}

// wrapper/layers.ts
var UPPER_TYPES = /* @__PURE__ */ new Set(["bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs", "tmpfs", "xfs", "zfs"]);
var PROBE_FOLDER = "probe";
var NAME_DIGITS = 16;
var FOLDERS_MAX = 500;
function layerOf(path) {
  const folder = createHash2("sha256").update(path).digest("hex").slice(0, NAME_DIGITS);
  return { path, folder, mode: (statSync5(path).mode & 4095).toString(8) };
}
function overlaidFolders({ layered, writable }, hostMounts) {
  const named = /* @__PURE__ */ new Set([...layered, ...writable, ...hostMounts.map(({ point }) => point)]);
  return [...new Set(layered.flatMap((path) => foldersWithout(path, named, hostMounts)))];
}
function foldersWithout(path, named, hostMounts) {
  if (!hostMounts.some(({ point }) => point !== path && isWithin(point, path))) return [path];
  const inside = readdirSync4(path, { withFileTypes: true }).filter((entry) => entry.isDirectory() && isOptionPath(entry.name));
  if (inside.length > FOLDERS_MAX) {
    throw new WrapError(
      "set-up",
      `Cannot write aside in ${path}: it has mounts and ${inside.length} folders in it, expected ${FOLDERS_MAX} at most`
    );
  }
  return inside.map(({ name }) => join5(path, name)).filter((folder) => !named.has(folder)).flatMap((folder) => foldersWithout(folder, named, hostMounts));
}
function canKeepLayers(layersFolder, hostMounts) {
  return UPPER_TYPES.has(mountOf(layersFolder, hostMounts)?.type ?? "");
}
function makeLayerFolders(layersFolder, layers) {
  for (const { folder, mode } of [{ folder: PROBE_FOLDER, mode: "700" }, ...layers]) {
    const own = join5(layersFolder, folder);
    mkdirSync(join5(own, "work"), { recursive: true, mode: 448 });
    const upper = join5(own, "upper");
    if (mkdirSync(upper, { recursive: true }) !== void 0) chmodSync(upper, Number.parseInt(mode, 8));
  }
}
function sweepWorkFolders(layersFolder, layers, asRoot) {
  const works = [PROBE_FOLDER, ...layers.map(({ folder }) => folder)].map((folder) => join5(layersFolder, folder, "work"));
  const left = works.flatMap((work) => namesIn(work).map((name) => join5(work, name))).filter((path) => !removeOwn(path));
  if (left.length > 0) asRoot(left);
}
function removeOwn(path) {
  try {
    rmdirSync(path);
    return true;
  } catch {
    return removeWhole(path);
  }
}
function removeWhole(path) {
  try {
    if (lstatSync2(path).isDirectory()) chmodSync(path, 448);
    rmSync2(path, { recursive: true });
    return true;
  } catch {
    return false;
  }
}

// wrapper/real-files.ts
import { realpathSync as realpathSync4 } from "node:fs";
function realFiles(files) {
  const { layersFolder } = files;
  const every = (paths) => [...new Set(paths.map(realPath2))];
  for (const path of files.protected) requireReal(path);
  return {
    writable: every(files.writable),
    layered: every(files.layered),
    layersFolder: layersFolder === null ? null : realPath2(layersFolder),
    protected: every(files.protected)
  };
}
function requireReal(path) {
  const real = realPath2(path);
  if (real !== path) {
    throw new WrapError(
      "set-up",
      `Cannot protect ${JSON.stringify(path)}: it leads to ${JSON.stringify(real)}, expected no link on the way`
    );
  }
}
function realPath2(path) {
  try {
    return realpathSync4(path);
  } catch (cause) {
    throw new WrapError("set-up", `Cannot plan for ${JSON.stringify(path)}: it cannot be found, expected a file or folder`, { cause });
  }
}

// wrapper/cage-mounts.ts
var RESOLV_CONF_LINKS_MAX = 16;
var LABEL_BYTES = 8;
function planMounts({ cage, cwd }, settings) {
  const { entrance } = settings;
  const view = hostView(cage.files, entrance);
  const { table, hostMounts, files, overlaid } = view;
  const layers = overlaid.map(layerOf);
  const keptIn = keepingFolder(files, hostMounts);
  if (keptIn !== null) makeLayerFolders(keptIn, layers);
  const hide = hiddenPaths([...cage.hide, cage.sessionFolder, ...files.layersFolder === null ? [] : [files.layersFolder]], table);
  requireVisible(cwd, hide);
  const sockets2 = hostSockets(view, cwd);
  const base = basePlan(settings, keptIn);
  const { name } = base;
  const first = firstMounts(base);
  const inside = fileMounts({
    ...files,
    layers,
    binds: cage.binds,
    aliases: cage.aliases,
    launchers: cage.launchers,
    hide: hiddenPlan(hide, sockets2),
    hostMounts,
    entrance,
    name
  });
  const last = [...deviceMounts(base), ...inside, ...aliasedFolders(cage.aliases), ...lastMounts(base)];
  const unlaid = files.layered.filter((path) => !overlaid.includes(path));
  const lines = expectedLines(base, first, last);
  const agents = new Set(cage.launchers.map(({ path }) => path));
  const mustBeThere = (path) => !agents.has(path) && isThere(path);
  return { base, first, last, layers, keptIn, unlaid, expectation: { lines, hostMounts, isThere: mustBeThere } };
}
function hostView(plan, entrance) {
  const table = readMountTable();
  const hostMounts = visibleMounts(table);
  const files = withProgramProtected(realFiles(plan));
  return { entrance, table, hostMounts, files, overlaid: entrance === "sudo" ? files.layered : overlaidFolders(files, hostMounts) };
}
function socketsOutOfSight({ cage, cwd }, entrance) {
  return hostSockets(hostView(cage.files, entrance), cwd);
}
function withProgramProtected(files) {
  const own = programFolder();
  return files.writable.some((path) => isWithin(own, path)) ? { ...files, protected: [...files.protected, own] } : files;
}
function basePlan({ entrance, uid, gid, console: console2 }, layersFolder) {
  return {
    name: `duty-gate-${randomBytes2(LABEL_BYTES).toString("hex")}`,
    uid,
    owner: entrance === "sudo" ? { uid, gid } : { uid: 0, gid: 0 },
    layersFolder,
    console: console2,
    resolvConf: resolvConfTarget("/etc/resolv.conf"),
    hasVarRun: lstatSync3("/var/run", { throwIfNoEntry: false })?.isDirectory() ?? false
  };
}
function aliasedFolders(aliases) {
  return aliases.map(
    ({ folder }, number) => bind(`${HOST_ASIDE}${folder}`, `${ALIASED_FOLDER}/${number}`, "rw", "nosuid", "nodev", "noexec", "X-mount.mkdir")
  );
}
function expectedLines({ name }, first, last) {
  const proc = { point: "/proc", source: name, type: "proc", options: ["rw", "nosuid", "nodev", "noexec"] };
  return [proc, ...first.filter(({ point }) => !isWithin(point, ASIDE)), ...last];
}
function isThere(path) {
  return lstatSync3(path, { throwIfNoEntry: false }) !== void 0;
}
function hiddenWhereThere(path, table) {
  try {
    return hiddenPaths([path], table);
  } catch {
    return [];
  }
}
function hiddenPlan(hide, sockets2) {
  const isFolder2 = (path) => statSync6(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const isCovered = (path) => hide.some((other) => isWithin(path, other)) || sockets2.some((other) => other !== path && isWithin(path, other));
  const more = [...new Set(sockets2)].filter((path) => !isCovered(path));
  return [
    ...hide.map((path) => ({ path, isFolder: isFolder2(path), mayBeGone: false })),
    ...more.map((path) => ({ path, isFolder: isFolder2(path), mayBeGone: true }))
  ];
}
function hostSockets({ table, hostMounts, files, overlaid: overlays, entrance }, cwd) {
  const points = hostMounts.map(({ point }) => point);
  const direct = [...files.writable, ...points.filter((point) => !overlays.includes(point))];
  const kept = [cwd, ...files.layered];
  const found = socketsToHide([...boundSockets(), ...points], { privateFolders: PRIVATE_FOLDERS, overlays, direct, kept });
  const uid = process.getuid?.() ?? 0;
  const isClosed = (path) => entrance === "user-namespace" && isBehindClosedFolder(path, uid);
  return found.flatMap((path) => hiddenWhereThere(path, table)).filter((path) => !isClosed(path));
}
function keepingFolder({ layered, layersFolder }, hostMounts) {
  return layered.length > 0 && layersFolder !== null && canKeepLayers(layersFolder, hostMounts) ? layersFolder : null;
}
function requireVisible(cwd, hide) {
  const cover = hide.find((path) => isWithin(cwd, path));
  if (cover !== void 0)
    throw new WrapError("set-up", `Cannot run in ${cwd}: ${cover} is out of the command's sight, expected another folder`);
}
function resolvConfTarget(path) {
  let target = path;
  for (let links = 0; links < RESOLV_CONF_LINKS_MAX; links++) {
    if (!(lstatSync3(target, { throwIfNoEntry: false })?.isSymbolicLink() ?? false)) return target;
    target = resolve(dirname5(target), readlinkSync2(target));
  }
  throw new WrapError("set-up", `Cannot find ${path}: more than ${RESOLV_CONF_LINKS_MAX} links, expected a file`);
}

// wrapper/start-file.ts
function startFile(settings) {
  const { entrance, uid, gid, umask, limits, interactive, hides, cwd, argv, environment } = settings;
  const words = [
    `uid=${uid}`,
    `gid=${gid}`,
    `user-namespace=${entrance === "user-namespace" ? 1 : 0}`,
    `terminal=${interactive ? 1 : 0}`,
    `umask=${umask.toString(8)}`,
    `folder=${cwd}`,
    ...hides.map((path) => `hide=${path}`),
    ...limits.map((limit) => `limit=${limit}`),
    ...argv.map((word) => `arg=${word}`)
  ];
  if (words.some((word) => word.includes("\0"))) {
    throw new WrapError("usage", "Cannot run the command: an argument or path contains NUL, expected none");
  }
  const end = Buffer.of(0);
  const variables = environment.flatMap((entry) => [Buffer.from("env="), entry, end]);
  return Buffer.concat([...words.flatMap((word) => [Buffer.from(word), end]), ...variables]);
}

// wrapper/claim-cage.ts
async function claimCage(shared, plan) {
  try {
    return await shared.claim(planDigest(plan));
  } catch (error) {
    if (error instanceof WrapError) throw error;
    throw new WrapError("gateway", messageOf(error), { cause: error });
  }
}
function planDigest({ cage }) {
  const { resolvers: resolvers2, ca, hide, files, binds, aliases, workspace } = cage;
  const [uid, gid] = [ownId(process.getuid), ownId(process.getgid)];
  const text = JSON.stringify({
    uid,
    gid,
    resolvers: resolvers2,
    ca,
    hide,
    files: realFiles(files),
    binds,
    aliases: aliases.map(asItIs),
    workspace
  });
  return createHash3("sha256").update(text).digest("base64url");
}
function asItIs({ point, folder }) {
  const { ino, birthtimeNs } = lstatSync4(point, { bigint: true });
  return [point, folder, `${ino} ${birthtimeNs}`];
}
function writeStartFile(plan, { entrance }) {
  const hides = socketsOutOfSight(plan, entrance);
  const start = startFile({ ...callerSettings({ entrance, hides }), ...plan, interactive: plan.terminal.interactive });
  const path = join6(plan.cage.sessionFolder, "start");
  writeFileSync2(path, start, { mode: 384, flag: "wx" });
  return path;
}

// wrapper/descriptor-writer.ts
import { write } from "node:fs";
var PENDING_BYTES_MAX = 256 * 1024;
var RETRY_MS = 5;
var DescriptorWriter = class {
  #fd;
  #onBroken;
  #pending = [];
  #pendingBytes = 0;
  #busy = false;
  #broken = false;
  #waiting = [];
  /** @param onBroken called once, with the error's code, when nobody will read any more; later writes are dropped. */
  constructor(fd, onBroken) {
    this.#fd = fd;
    this.#onBroken = onBroken;
  }
  /** True while more may be written; else wait for `drained` first. */
  write(bytes) {
    if (this.#broken || bytes.length === 0) return true;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    this.#next();
    return this.#pendingBytes < PENDING_BYTES_MAX;
  }
  /** Resolves when all that was written is out, or never will be. */
  drained() {
    if (this.#pending.length === 0) return Promise.resolve();
    return new Promise((resolve2) => this.#waiting.push(resolve2));
  }
  #next() {
    const chunk = this.#pending[0];
    if (this.#busy) return;
    if (chunk === void 0) {
      this.#settle();
      return;
    }
    this.#busy = true;
    write(this.#fd, chunk, 0, chunk.length, null, (error, written) => {
      this.#busy = false;
      if (error === null) this.#advance(chunk, written);
      else if (error.code === "EAGAIN") setTimeout(() => this.#next(), RETRY_MS);
      else this.#break(error.code ?? "EIO");
    });
  }
  #advance(chunk, written) {
    this.#pendingBytes -= written;
    if (written < chunk.length) this.#pending[0] = chunk.subarray(written);
    else this.#pending.shift();
    this.#next();
  }
  #break(code) {
    this.#broken = true;
    this.#pending.length = 0;
    this.#pendingBytes = 0;
    this.#settle();
    this.#onBroken(code);
  }
  #settle() {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve2 of waiting) resolve2();
  }
};

// wrapper/entrance.ts
import { spawn as spawn3 } from "node:child_process";
var PROBE_MS_MAX = 1e4;
async function chooseEntrance(tools, uid) {
  if (uid !== 0 && tools.sudo !== null && await succeeds([tools.sudo, "-n", "--", tools.true])) return "sudo";
  if (await succeeds([tools.unshare, "--user", "--map-root-user", "--net", "--mount", "--", tools.ip, "link", "set", "lo", "up"])) {
    return "user-namespace";
  }
  const sudo = uid === 0 ? "" : tools.sudo === null ? "sudo is not installed, " : "sudo asks for a password, ";
  throw new WrapError(
    "no-entrance",
    `Cannot enter a cage: ${sudo}user namespaces are forbidden here, expected one of the two. Allow passwordless sudo for this user, or unprivileged user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0, user.max_user_namespaces above 0); in a container: --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined`
  );
}
function succeeds(command) {
  const [file = "", ...args] = command;
  return new Promise((resolve2) => {
    const child = spawn3(file, args, { cwd: "/", env: {}, stdio: "ignore", detached: true, timeout: PROBE_MS_MAX, killSignal: "SIGKILL" });
    child.once("error", () => resolve2(false));
    child.once("exit", (code) => resolve2(code === 0));
  });
}

// wrapper/namespace.ts
function cageCommand(entrance, tools, { script, folder, outlives }) {
  const namespaces = ["--net", "--pid", "--fork", "--kill-child", "--mount", "--propagation", "private", "--ipc", "--uts"];
  const init = [tools.bash, "--norc", "--noprofile", script, folder];
  const dieWithParent = outlives ? [] : [tools.setpriv, "--pdeathsig", "KILL", "--"];
  switch (entrance) {
    case "sudo":
      return [tools.sudo ?? "sudo", "-n", "--", tools.env, "-i", ...dieWithParent, tools.unshare, ...namespaces, "--", ...init];
    case "user-namespace":
      return [...dieWithParent, tools.unshare, "--user", "--map-root-user", ...namespaces, "--", ...init];
  }
}
function enterCommand(entrance, tools, program, { cage, start, console: console2, interactive }) {
  return inCageCommand(entrance, tools, program, ["enter", String(cage.init), cage.network, start, console2, interactive ? "1" : "0"]);
}
function inCageCommand(entrance, tools, program, words) {
  switch (entrance) {
    case "sudo":
      return [tools.sudo ?? "sudo", "-n", "--", tools.env, "-i", program, ...words];
    case "user-namespace":
      return [program, ...words];
  }
}
function nestCommand(entrance, tools, program, { outer, folder }) {
  const init = [tools.bash, "--norc", "--noprofile", "./nest"];
  return inCageCommand(entrance, tools, program, ["nest", String(outer.init), outer.network, folder, ...init]);
}

// wrapper/nest-cage.ts
import { randomBytes as randomBytes3 } from "node:crypto";
import { readFileSync as readFileSync6, rmSync as rmSync3, writeFileSync as writeFileSync3 } from "node:fs";
import { join as join7 } from "node:path";

// wrapper/nest-mounts.ts
var QUIET3 = ["nosuid", "nodev"];
function nestedMounts({ label, uid, owner }) {
  const tmpfs = (point, ...options) => ({
    point,
    source: label,
    type: "tmpfs",
    options: [...options, ...QUIET3]
  });
  return [
    tmpfs("/run/lock", "mode=1777", "size=8m"),
    tmpfs(`/run/user/${uid}`, "mode=0700", `uid=${owner.uid}`, `gid=${owner.gid}`, "size=256m"),
    tmpfs("/dev/shm", "mode=1777"),
    { point: "/dev/pts", source: label, type: "devpts", options: ["newinstance", "ptmxmode=0666", "mode=0620", "nosuid", "noexec"] },
    // R22: the outer command's terminal.
    { point: "/dev/console", source: EMPTY_FILE, type: "none", options: ["bind", "ro", ...QUIET3, "noexec"] }
  ];
}
var NO_CHANGES = { uncovered: [], closed: [], scripts: [] };
function agentChanges({ agent, launchers, workspace }, before) {
  if (agent === null) return NO_CHANGES;
  const uncovered = launchers.filter(({ rule }) => rule === agent.rule).map(({ path }) => path);
  const kept = workspace !== null && agent.workspace === "read" ? [workspace, ALIASED_FOLDER] : [];
  const closed = visibleMounts(before).filter(({ point, options }) => kept.some((folder) => isWithin(point, folder)) && !options.includes("ro")).map(({ point }) => point);
  return { uncovered, closed, scripts: agent.scripts };
}
var LAUNCHERS_ROOT = `${LAUNCHERS_FOLDER.slice(OWN_FOLDER.length)}/`;
var CLOSED = ["ro", "nosuid", "nodev", "noexec"];
function nestedMountFaults(seen, { before, after, lines, changes }) {
  const inner = visibleMounts(parseMountTable(seen.map(({ line }) => line).join("\n")));
  if (inner.length === 0) return ["its mount table is empty"];
  const own = ["/proc", ...lines.map(({ point }) => point)];
  const isOwn = (point) => own.some((folder) => isWithin(point, folder));
  const outer = [...visibleMounts(before), ...visibleMounts(after)];
  const isScript = (mount) => changes.scripts.includes(mount.point) && isClosedScript(mount, outer);
  const more = inner.filter((mount) => !isOwn(mount.point) && !isScript(mount)).flatMap((mount) => openedFaults(mount, outer));
  const lasting = visibleMounts(after).filter((mount) => before.some((other) => isSame2(mount, other)));
  const lost = lasting.filter(({ point }) => !isOwn(point) && !changes.uncovered.includes(point) && !changes.scripts.includes(point)).filter((mount) => !inner.some((other) => isSame2(mount, other))).map(({ point }) => `${point} shows something else`);
  return [...more, ...lost, ...ownFaults(inner, lines, outer), ...changeFaults(inner, changes)];
}
function isClosedScript({ point, device, root, options }, outer) {
  const was = partOf(mountOf(point, outer), point);
  return was?.device === device && was.root === root && ["ro", "nosuid", "nodev"].every((option) => options.includes(option));
}
function changeFaults(inner, { uncovered, closed }) {
  const at = (point) => inner.find((mount) => mount.point === point);
  const covered = uncovered.filter((point) => at(point)?.root.startsWith(LAUNCHERS_ROOT) ?? false);
  const open = closed.filter((point) => !(at(point)?.options.includes("ro") ?? true));
  return [...covered.map((point) => `${point} is still covered`), ...open.map((point) => `${point} may be written`)];
}
function openedFaults(mount, outer) {
  const known = outer.filter((other) => isSame2(mount, other));
  if (known.length === 0) return [`${mount.point} shows what is not there outside`];
  const isNoWider = known.some(({ options }) => CLOSED.every((option) => !options.includes(option) || mount.options.includes(option)));
  return isNoWider ? [] : [`${mount.point} may be used for more than outside`];
}
function ownFaults(inner, lines, outer) {
  const at = (point) => inner.find((mount) => mount.point === point);
  const isNew = (mount) => mount !== void 0 && !outer.some((other) => isSame2(mount, other));
  const proc = at("/proc")?.type === "proc" && isNew(at("/proc")) ? [] : ["/proc is not its own"];
  const empty = at(EMPTY_FILE.slice(0, EMPTY_FILE.lastIndexOf("/")));
  const wrong = lines.filter(({ point, type, options }) => {
    const mount = at(point);
    if (mount === void 0 || options.some((option) => isOption(option) && !mount.options.includes(option))) return true;
    if (type === "none") return mount.device !== empty?.device || mount.root !== "/empty";
    return mount.type !== type || mount.root !== "/" || !isNew(mount);
  });
  return [...proc, ...wrong.map(({ point }) => `${point} is not its own`)];
}
function isOption(option) {
  return CLOSED.some((each) => each === option);
}
function isSame2(one, other) {
  return one.point === other.point && one.device === other.device && one.root === other.root && one.type === other.type;
}

// wrapper/init-script.ts
var STEP_SCRIPT = `
fail() { printf '@fail %s\\n' "$1" >&2; exit 125; }
step() { local name=$1; shift; "$@" || fail "$name"; }
`;
var NETWORK_SCRIPT = `
set_up_network() {
  step network "\${tool[ip]}" -batch - <<<$'link set lo up\\nroute add local 0.0.0.0/0 dev lo'
  # Without IPv6 in the kernel there is nothing that could leave by it; with it, a failure is one.
  if [[ -e /proc/net/if_inet6 && $(</proc/sys/net/ipv6/conf/lo/disable_ipv6) = 0 ]]; then
    step network "\${tool[ip]}" -6 route add local ::/0 dev lo
    # IPv6 wants this besides, to bind an address that a route makes local.
    printf 1 >/proc/sys/net/ipv6/ip_nonlocal_bind || fail network
  fi
}
`;
var TELL_MOUNTS_SCRIPT = `
tell_mounts() {
  local -a lines words
  local line point
  mapfile -t lines </proc/self/mountinfo || fail mountinfo
  set -f
  for line in "\${lines[@]}"; do
    words=($line)
    printf -v point %b "\${words[4]}"
    if [[ $entrance = sudo || ,\${words[5]}, = *,ro,* || -e $point ]]; then
      printf '@mount + %s\\n' "$line"
    else
      printf '@mount - %s\\n' "$line"
    fi
  done >&2
  set +f
}
`;
var CLOSED_PROC_SCRIPT = `
closed_proc=(sys irq bus fs sysrq-trigger mtrr scsi acpi driver)
# Lines for mount(8), which make them read-only.
list_closed_proc() {
  local name
  for name in "\${closed_proc[@]}"; do
    [[ ! -e /proc/$name ]] || printf '/proc/%s /./proc/%s none bind,ro,nosuid,nodev,noexec 0 0\\n' "$name" "$name"
  done
}
check_closed_proc() {
  local name
  for name in "\${closed_proc[@]}"; do
    [[ ! -w /proc/$name ]] || fail "/proc/$name"
  done
}
`;
var INIT_SCRIPT = `
serve() {
  local answer=
  printf '@ready\\n' >&2
  read -r -u 2 answer && [[ $answer = probe ]] || exit 125
  try_escapes
  read -r -u 2 answer && [[ $answer = go ]] || exit 125
  exec "/proc/self/fd/$program" hold <&"$life"
}

# By the program that starts commands here, in the same way, but for the terminal.
try_escapes() {
  (exec "/proc/self/fd/$program" probe "$start" "$baits" </dev/null {life}<&-) || fail escapes
  exec {start}<&- {baits}<&-
  printf '@probed\\n' >&2
}
`;

// wrapper/nest-script.ts
var MAIN_SCRIPT = `
main() {
  local record mounts
  umask 022
  program=3
  exec {life}<&1 </dev/null >&2 || fail descriptors
  declare -A tool
  uncovered=() closed=()
  while IFS= read -r -d '' record; do
    case $record in
      tool:*) record=\${record#tool:}; tool[\${record%%=*}]=\${record#*=} ;;
      uncover=*) uncovered+=("\${record#*=}") ;;
      close=*) closed+=("\${record#*=}") ;;
      entrance=* | label=*) printf -v "\${record%%=*}" %s "\${record#*=}" ;;
      *) fail settings ;;
    esac
  done <setup || fail settings
  list_closed_proc >>mounts || fail /proc
  exec {start}<start {baits}<baits {mounts}<mounts || fail settings
  # Where we are now nothing else here knows.
  cd / || fail settings
  step /proc "\${tool[mount]}" -t proc -o nosuid,nodev,noexec "$label" /proc
  set_up_network
  step private "\${tool[mount]}" -i -c -a -T "/proc/self/fd/$mounts"
  check_closed_proc
  [[ \${#uncovered[@]} = 0 ]] || "/proc/self/fd/$program" uncover "\${uncovered[@]}" || exit 125
  [[ \${#closed[@]} = 0 ]] || "/proc/self/fd/$program" close "\${closed[@]}" || exit 125
  exec {mounts}<&-
  tell_mounts
  serve
}
`;
var NEST_SCRIPT = `${STEP_SCRIPT}${CLOSED_PROC_SCRIPT}${NETWORK_SCRIPT}${TELL_MOUNTS_SCRIPT}${INIT_SCRIPT}${MAIN_SCRIPT}
main
`;

// wrapper/cage.ts
var MOUNTS_MAX = 1e5;
var SET_UP_MS_MAX = 3e4;
var ESCAPES_MAX = 256;
var Cage = class {
  /** Of its network: the pid of its init as seen from here, and the inode of the namespace. */
  networkUp;
  ready;
  /** What the escape attempts came to. */
  probed;
  /** The whole cage is gone. Never rejects. */
  ended;
  #child;
  #orders;
  /** Null: it is somebody else's. */
  #life;
  #reader = new CageStatusReader();
  #networkUp = Promise.withResolvers();
  #ready = Promise.withResolvers();
  #probed = Promise.withResolvers();
  #escapes = [];
  #timer;
  #mounts = [];
  #hasKeptLayers = true;
  #isProbed = false;
  /**
   * @param command of namespace.ts.
   * @param ownFd a descriptor of ours that every child would inherit, the terminal's master: this one does not.
   * @param lifeline what it is to live by once it is held; given away here. Null: us.
   */
  constructor(command, ownFd, lifeline) {
    const { child, orders } = startSocketProcess(command, "ignore", lifeline ?? "pipe", ownFd);
    this.#child = child;
    this.#orders = orders;
    this.#life = lifeline === null ? asSocket(child.stdout) : null;
    lifeline?.destroy();
    this.networkUp = this.#networkUp.promise;
    this.ready = this.#ready.promise;
    this.probed = this.#probed.promise;
    this.networkUp.catch(() => void 0);
    this.ready.catch(() => void 0);
    this.probed.catch(() => void 0);
    this.#timer = setTimeout(() => this.#failSetUp(`it took longer than ${SET_UP_MS_MAX} ms`), SET_UP_MS_MAX);
    this.#orders.setEncoding("utf8");
    this.#orders.on("data", (chunk) => {
      for (const status of this.#reader.push(chunk)) this.#take(status);
    });
    for (const socket of [this.#orders, this.#life]) socket?.on("error", () => void 0);
    this.#life?.resume();
    this.ended = this.#watchEnd();
  }
  /** The pid of the process that made the namespaces, by which a gateway enters in the user-namespace entrance. */
  get pid() {
    return this.#child.pid ?? 0;
  }
  /** The cage's mount table, whole once it is ready. */
  get mounts() {
    return this.#mounts;
  }
  /** False when the folders for upper layers could hold none. */
  get hasKeptLayers() {
    return this.#hasKeptLayers;
  }
  /** What the tools have said so far, in brackets, or nothing. */
  get complaints() {
    return this.#reader.complaints === "" ? "" : ` (${this.#reader.complaints})`;
  }
  /** Has the escapes tried. */
  probe() {
    this.#orders.write("probe\n");
  }
  /** It is as it should be: it stands until `release`, or our end; or by its lifeline, and is not ours any more. */
  hold() {
    this.#orders.end("go\n", () => {
      if (this.#life === null) this.#orders.destroy();
    });
    if (this.#life === null) this.#child.unref();
  }
  /** Lets go: init ends, and with it everything inside. */
  release() {
    this.#life?.destroy();
  }
  /** Ends everything inside at once. */
  kill() {
    this.#orders.destroy();
    this.#life?.destroy();
    this.#child.kill("SIGKILL");
  }
  #take(status) {
    switch (status.kind) {
      case "network":
        this.#networkUp.resolve(status);
        break;
      case "aside":
        this.#hasKeptLayers = false;
        break;
      case "mount":
        if (this.#mounts.length < MOUNTS_MAX) this.#mounts.push(status);
        else this.#failSetUp(`more than ${MOUNTS_MAX} mounts are there`);
        break;
      case "ready":
        this.#ready.resolve();
        break;
      case "escape":
        if (this.#escapes.length < ESCAPES_MAX) this.#escapes.push(status.result);
        else this.#failSetUp(`more than ${ESCAPES_MAX} escapes are told`);
        break;
      case "probed":
        clearTimeout(this.#timer);
        this.#isProbed = true;
        this.#probed.resolve(this.#escapes);
        break;
      case "failed":
        this.#failSetUp(`the step ${JSON.stringify(status.step)} failed`);
        break;
      case "started":
      case "exited":
        this.#failSetUp("it speaks of a command");
        break;
    }
  }
  #failSetUp(why) {
    clearTimeout(this.#timer);
    const error = new WrapError("set-up", `Cannot set up the cage: ${why}${this.complaints}, expected every step to succeed`);
    this.#networkUp.reject(error);
    this.#ready.reject(error);
    this.#probed.reject(error);
    this.kill();
  }
  #watchEnd() {
    return new Promise((resolve2) => {
      const end = (why) => {
        if (!this.#isProbed) this.#failSetUp(why);
        resolve2();
      };
      this.#child.once("error", (error) => end(error.message));
      this.#child.once("close", () => end("it ended"));
    });
  }
};

// wrapper/raise-cage.ts
var FAULTS_TOLD_MAX2 = 5;
async function raiseCage(plan, terminal, making, recipe) {
  const { entrance, interrupted, lifeline } = making;
  const cage = new Cage(recipe.command, terminal.masterFd, lifeline);
  const made = setUp(cage, plan, making, recipe).finally(() => recipe.unlink());
  const network = await Promise.race([made, interrupted]);
  if (typeof network === "string") return endInterrupted(cage, made, network);
  return { cage, place: { init: network.pid, entrance, network: network.inode }, start: recipe.start };
}
async function setUp(cage, plan, { entrance, lost }, recipe) {
  try {
    const { pid: init, inode: network } = await cage.networkUp;
    const { workspace, launchers } = plan.cage;
    const entered = plan.hooks.enterCage({ pid: entrance === "sudo" ? init : cage.pid, init, entrance, network, workspace, launchers });
    const [report] = await Promise.all([prove(cage, recipe), Promise.race([entered, lost.then(failLost)])]);
    if (plan.within === null) say(report.summary);
    await plan.hooks.escapesTried(report.results);
    requireNoWayOut(report);
    return { pid: init, inode: network };
  } catch (error) {
    cage.kill();
    await cage.ended;
    if (error instanceof WrapError) throw error;
    throw new WrapError("gateway", `Cannot open the way out of the cage: ${messageOf(error)}, expected listeners inside`, { cause: error });
  }
}
async function prove(cage, { baits, faults }) {
  const outside = surveyForRun(baits);
  await cage.ready;
  requireMounts(cage, faults(cage));
  return tryEscapes(cage, outside).finally(baits.close);
}
function requireMounts(cage, faults) {
  if (faults.length === 0) return;
  const some = faults.slice(0, FAULTS_TOLD_MAX2).join("; ");
  throw new WrapError("set-up", `Cannot close the cage: ${some}${cage.complaints}, expected every mount as planned`);
}
async function endInterrupted(cage, made, signal) {
  cage.kill();
  await Promise.allSettled([made, cage.ended]);
  return signal;
}
function failLost(why) {
  throw new Error(why);
}

// wrapper/records.ts
function nulTerminated(records2) {
  return records2.map((record2) => `${record2}\0`).join("");
}
function toolRecords(tools) {
  return Object.entries(tools).flatMap(([name, path]) => path === null ? [] : [`tool:${name}=${path}`]);
}

// wrapper/sockets-inside.ts
import { spawnSync } from "node:child_process";
var MS_MAX = 1e4;
var TABLE_BYTES_MAX = 16 * 1024 * 1024;
function socketsBoundIn(cage, tools) {
  const [file = "", ...args] = inCageCommand(cage.entrance, tools, cageProgram(), ["sockets", String(cage.init), cage.network]);
  const { status, stdout, stderr } = spawnSync(file, args, {
    ...{ cwd: "/", env: {}, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: MS_MAX, maxBuffer: TABLE_BYTES_MAX }
  });
  if (status !== 0) {
    throw new WrapError(
      "set-up",
      `Cannot see who listens in the outer cage: ${stderr.trim() || "no answer"}, expected its list of sockets`
    );
  }
  return boundSockets(stdout);
}

// wrapper/nest-cage.ts
var LABEL_BYTES2 = 8;
var FILES = ["nest", "setup", "baits", "mounts"];
async function nestCage(plan, terminal, making, outer) {
  const { entrance } = outer;
  const { tools } = making;
  const caller = callerSettings({ entrance });
  const folder = plan.cage.sessionFolder;
  const at = (name) => join7(folder, name);
  const label = `duty-gate-${randomBytes3(LABEL_BYTES2).toString("hex")}`;
  const lines = nestedMounts({ label, uid: caller.uid, owner: entrance === "sudo" ? caller : { uid: 0, gid: 0 } });
  const baits = await layBaits(folder, caller.uid);
  try {
    const hides = [...boundSockets(), ...socketsBoundIn(outer, tools)];
    const start = startFile({ ...caller, ...plan, hides, interactive: plan.terminal.interactive });
    const before = mountsOf(outer);
    const changes = agentChanges(outer, before);
    const records2 = [
      ...toolRecords(tools),
      ...changes.uncovered.map((path) => `uncover=${path}`),
      ...[...changes.closed, ...changes.scripts].map((path) => `close=${path}`),
      `entrance=${entrance}`,
      `label=${label}`
    ];
    const write2 = (name, data) => writeFileSync3(at(name), data, { mode: 384, flag: "wx" });
    write2("nest", NEST_SCRIPT);
    write2("setup", nulTerminated(records2));
    write2("start", start);
    write2("baits", nulTerminated(baits.records));
    write2("mounts", fstab(lines));
    return await raiseCage(
      plan,
      terminal,
      { ...making, entrance, lifeline: null },
      {
        command: nestCommand(entrance, tools, cageProgram(), { outer, folder }),
        ...{ start: at("start"), baits },
        faults: ({ mounts }) => nestedMountFaults(mounts, { before, after: mountsOf(outer), lines, changes }),
        unlink: () => {
          for (const name of FILES) rmSync3(at(name), { force: true });
        }
      }
    );
  } finally {
    baits.close();
  }
}
function mountsOf({ init }) {
  return parseMountTable(readFileSync6(`/proc/${init}/mountinfo`, "utf8"));
}

// wrapper/pty.ts
var nodePty = __toESM(require_lib(), 1);
import { closeSync as closeSync2, constants, openSync as openSync2 } from "node:fs";
import { ReadStream } from "node:tty";
function openTerminal(columns, rows) {
  const native2 = nativePty();
  let pair;
  try {
    pair = native2.open(columns, rows);
  } catch (cause) {
    throw new WrapError("set-up", "Cannot open a terminal: the system gives none, expected /dev/ptmx to work", { cause });
  }
  const slaveFd = openSync2(pair.pty, constants.O_RDWR | constants.O_NOCTTY);
  closeSync2(pair.slave);
  const output = new ReadStream(pair.master);
  let slaveOpen = true;
  const closeSlave = () => {
    if (slaveOpen) closeSync2(slaveFd);
    slaveOpen = false;
  };
  return {
    output,
    masterFd: pair.master,
    path: pair.pty,
    resize: (wide, high) => native2.resize(pair.master, Math.max(1, wide), Math.max(1, high), 0, 0),
    closeSlave,
    close() {
      closeSlave();
      output.destroy();
    }
  };
}
function nativePty() {
  const native2 = "native" in nodePty ? nodePty.native : null;
  if (!isNativePty(native2)) throw new WrapError("set-up", "Cannot open a terminal: the terminal module is missing, expected node-pty");
  return native2;
}
function isNativePty(value) {
  return typeof value === "object" && value !== null && "open" in value && "resize" in value;
}

// wrapper/record.ts
var Recorder = class {
  #sink;
  #nowMicros;
  #startMicros;
  constructor(sink, nowMicros) {
    this.#sink = sink;
    this.#nowMicros = nowMicros;
    this.#startMicros = nowMicros();
  }
  /** True while more may be recorded; else wait for `drained` first. */
  output(bytes) {
    if (!this.#sink.writable) return true;
    return encodeStream(this.#micros(), "output", bytes).reduce((more, frame) => this.#sink.write(frame) && more, true);
  }
  resize(columns, rows) {
    if (this.#sink.writable) this.#sink.write(encodeResize(this.#micros(), columns, rows));
  }
  #micros() {
    return this.#nowMicros() - this.#startMicros;
  }
  drained() {
    const sink = this.#sink;
    if (!sink.writable || !sink.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve2) => {
      const settle = () => {
        for (const event of ["drain", "close", "error"]) sink.off(event, settle);
        resolve2();
      };
      for (const event of ["drain", "close", "error"]) sink.on(event, settle);
    });
  }
  /** Resolves when all frames have been taken; rejects when they could not be. */
  end() {
    const sink = this.#sink;
    return new Promise((resolve2, reject) => {
      sink.once("error", reject);
      sink.end((error) => error ? reject(error) : resolve2());
    });
  }
};

// wrapper/relay.ts
function relayOutput(terminal, output, recorder, filter) {
  const stream = terminal.output;
  stream.on("data", (chunk) => {
    const recorded = recorder.output(chunk);
    const written = output.write(filter === null ? chunk : filter.push(chunk));
    if (recorded && written) return;
    stream.pause();
    void Promise.all([recorder.drained(), output.drained()]).then(() => stream.resume());
  });
  stream.on("error", () => void 0);
  return new Promise(
    (resolve2) => stream.once("close", () => {
      if (filter !== null) output.write(filter.end());
      resolve2();
    })
  );
}
function relayKeyboard(keyboard, screen, keys, resize) {
  const onKeys = (chunk) => {
    if (keys.write(chunk)) return;
    keyboard.pause();
    void keys.drained().then(() => keyboard.resume());
  };
  const onResize = () => resize(screen.columns, screen.rows);
  keyboard.setRawMode(true);
  keyboard.on("data", onKeys);
  keyboard.resume();
  screen.on("resize", onResize);
  return () => {
    screen.off("resize", onResize);
    keyboard.off("data", onKeys);
    keyboard.setRawMode(false);
    keyboard.pause();
  };
}

// wrapper/shelter.ts
import { spawn as spawn4 } from "node:child_process";
var LINGER_MS_MAX = 1e3;
function ownShelter({ cage, place: place2, start }) {
  return {
    ...{ place: place2, start },
    kill: () => cage.kill(),
    async leave() {
      cage.release();
      await Promise.race([cage.ended, delay(LINGER_MS_MAX)]);
      cage.kill();
      await cage.ended;
    },
    async lose() {
      cage.kill();
      await cage.ended;
    }
  };
}
function sharedShelter(place2, start) {
  return {
    ...{ place: place2, start },
    kill: (command) => command.kill(),
    async leave(terminal, isSilent) {
      if (isSilent) return;
      say("what it left running goes on in the job's cage; what that prints from now on is neither shown nor recorded");
      drain(terminal);
    },
    async lose(command) {
      command.kill();
      await Promise.race([command.ended, delay(LINGER_MS_MAX)]);
    }
  };
}
function drain(terminal) {
  const stdio = [terminal.masterFd, "ignore", "ignore"];
  const child = spawn4(cageProgram(), ["drain"], { cwd: "/", env: {}, detached: true, stdio: [...stdio] });
  child.once("error", () => void 0);
  child.unref();
  terminal.close();
}
function delay(ms) {
  return new Promise((resolve2) => void setTimeout(resolve2, ms).unref());
}

// wrapper/cage-files.ts
import { mkdirSync as mkdirSync2, rmSync as rmSync4, symlinkSync, writeFileSync as writeFileSync4 } from "node:fs";
import { basename, join as join8 } from "node:path";

// wrapper/mounts-script.ts
var MOUNTS_SCRIPT = `
set_up_mounts() {
  local last_mounts
  list_closed_proc >>"$folder/first" || fail /proc
  # Opened now: what has this name later may be another file.
  exec {last_mounts}<"$folder/last" || fail settings

  # Every mount of the host's at once, control groups included. The exit code says little: a mount that another one covers
  # cannot be reached, and fails.
  "\${tool[mount]}" -c -a -t noproc -o remount,bind,ro,nosuid,nodev
  step private "\${tool[mount]}" -i -c -a -T "$folder/first"
  check_closed_proc
  set_up_files
  set_up_layers
  # The last program of the machine's that runs here before all is proved: a point may have led elsewhere, onto what other programs need.
  "\${tool[mount]}" -i -c -a -T "/proc/self/fd/$last_mounts"
  exec {last_mounts}<&-
  [[ \${#aliases[@]} = 0 ]] || "/proc/self/fd/$program" aliases "\${aliases[@]}" || exit 125
  tell_mounts
}

set_up_files() {
  local name
  for name in "\${devices[@]}"; do
    : >"/dev/$name" || fail "/dev/$name"
  done
  step /dev "\${tool[cp]}" -dR "$folder/links/." /dev
  printf %s "$ca" >/run/duty-gate/ca.pem || fail ca.pem
  printf %s "$resolv" >/run/duty-gate/resolv.conf || fail resolv.conf
  : >/run/duty-gate/empty || fail /run/duty-gate
  step /run/duty-gate "\${tool[mkdir]}" -m 755 /run/duty-gate/bin /run/duty-gate/aliases
  printf %s "$launcher" >/run/duty-gate/bin/duty-gate || fail /run/duty-gate
  step /run/duty-gate "\${tool[chmod]}" 755 /run/duty-gate/bin/duty-gate
  [[ \${#aliases[@]} = 0 ]] || step /run/duty-gate "\${tool[cp]}" -dR "$folder/aliases/." /run/duty-gate/aliases
  set_up_launchers
  case $resolv_path in
    /run/*) : >"$resolv_path" || fail resolv.conf ;;
  esac
}

set_up_launchers() {
  [[ \${#agents[@]} != 0 ]] || return 0
  local agent
  step /run/duty-gate "\${tool[mkdir]}" -m 755 /run/duty-gate/agents
  for agent in "\${agents[@]}"; do
    printf %s "\${agent#*:}" >"/run/duty-gate/agents/\${agent%%:*}" || fail /run/duty-gate
  done
  step /run/duty-gate "\${tool[chmod]}" 755 /run/duty-gate/agents/*
}

# Where the kept folders cannot hold an upper layer, memory does, for this cage alone; the folders have the same names.
set_up_layers() {
  [[ \${#layers[@]} != 0 ]] || return 0
  if [[ $probe != '' ]]; then
    "\${tool[mount]}" -i -c -t overlay -o "$probe" duty-gate-probe ${ASIDE}/probe && return
    printf '@aside\\n' >&2
  fi
  step layers "\${tool[mount]}" -i -c -t tmpfs -o "mode=0700,uid=$owner_uid,gid=$owner_gid,nosuid,nodev,X-mount.mkdir" duty-gate ${LAYERS_ASIDE}
  local -A upper=()
  local -a work=() as=()
  local layer mode
  for layer in "\${layers[@]}"; do
    work+=("${LAYERS_ASIDE}/\${layer#*:}/work")
    upper[\${layer%%:*}]+="${LAYERS_ASIDE}/\${layer#*:}/upper "
  done
  [[ $entrance != sudo ]] || as=("\${tool[setpriv]}" --reuid="$uid" --regid="$gid" --clear-groups --)
  step layers "\${as[@]}" "\${tool[mkdir]}" -p "\${work[@]}"
  for mode in "\${!upper[@]}"; do
    step layers "\${as[@]}" "\${tool[mkdir]}" -m "$mode" \${upper[$mode]}
  done
}
`;

// wrapper/cage-script.ts
var MAIN_SCRIPT2 = `
main() {
  local folder=$1 fd record
  umask 022
  exec {life}<&1 </dev/null >&2 || fail descriptors
  for fd in /proc/self/fd/*; do
    fd=\${fd##*/}
    case $fd in 0 | 1 | 2 | 255 | "$life") ;; *) eval "exec $fd>&-" ;; esac
  done
  declare -A tool
  devices=() layers=() aliases=() agents=()
  while IFS= read -r -d '' record; do
    case $record in
      tool:*) record=\${record#tool:}; tool[\${record%%=*}]=\${record#*=} ;;
      device=*) devices+=("\${record#*=}") ;;
      agent=*) agents+=("\${record#*=}") ;;
      alias=*) aliases+=("\${record#*=}") ;;
      layer=*) layers+=("\${record#*=}") ;;
      uid=* | gid=* | entrance=* | ca=* | resolv=* | resolv_path=* | program=* | launcher=* | label=* | probe=* |         owner_uid=* | owner_gid=*)
        printf -v "\${record%%=*}" %s "\${record#*=}" ;;
      *) fail settings ;;
    esac
  done <"$folder/setup" || fail settings
  # Opened now: what this name means once the mounts are made is another matter.
  exec {program}<"$program" {start}<"$folder/start" {baits}<"$folder/baits" || fail settings
  cd / || fail settings

  # The pid that the host's /proc, still mounted here, knows us by.
  read -r host_pid _ </proc/self/stat || fail /proc
  step /proc "\${tool[mount]}" -t proc -o nosuid,nodev,noexec "$label" /proc
  set_up_network
  step network "/proc/self/fd/$program" network "$host_pid"
  set_up_mounts
  serve
}
`;
var CAGE_SCRIPT = `${STEP_SCRIPT}${CLOSED_PROC_SCRIPT}${NETWORK_SCRIPT}${TELL_MOUNTS_SCRIPT}${INIT_SCRIPT}${MAIN_SCRIPT2}${MOUNTS_SCRIPT}
main "$@"
`;

// wrapper/cli-program.ts
import { fileURLToPath as fileURLToPath2 } from "node:url";
function cliProgram(here) {
  return fileURLToPath2(new URL(here.endsWith(".ts") ? "../src/cli/main.ts" : "./duty-gate.js", here));
}

// wrapper/cage-files.ts
var DEVICE_LINKS = [
  ["fd", "/proc/self/fd"],
  ["stdin", "/proc/self/fd/0"],
  ["stdout", "/proc/self/fd/1"],
  ["stderr", "/proc/self/fd/2"],
  ["ptmx", "pts/ptmx"]
];
function writeCageFiles(plan, settings, baits) {
  const folder = plan.cage.sessionFolder;
  const at = (name) => join8(folder, name);
  const paths = ["cage", "setup", "baits", "first", "last", "links", "aliases"].map(at);
  const mounts = planMounts(plan, settings);
  const records2 = setupRecords(plan, settings, mounts);
  const start = startFile({ ...settings, ...plan, hides: [], interactive: plan.terminal.interactive });
  const write2 = (name, data) => writeFileSync4(at(name), data, { mode: 384, flag: "wx" });
  write2("cage", CAGE_SCRIPT);
  write2("setup", records2);
  write2("start", start);
  write2("baits", nulTerminated(baits));
  write2("first", fstab(mounts.first));
  write2("last", fstab(mounts.last));
  mkdirSync2(at("links"), { mode: 448 });
  for (const [name, target] of DEVICE_LINKS) symlinkSync(target, join8(at("links"), name));
  mkdirSync2(at("aliases"), { mode: 448 });
  for (const [number, { point }] of plan.cage.aliases.entries()) {
    symlinkSync(`${ALIASED_FOLDER}/${number}/${basename(point)}`, join8(at("aliases"), String(number)));
  }
  const { layers, keptIn, unlaid, expectation } = mounts;
  return { script: at("cage"), start: at("start"), expectation, layers, keptIn, unlaid, unlink: () => unlink(paths) };
}
function unlink(paths) {
  for (const path of paths) rmSync4(path, { recursive: true, force: true });
}
function setupRecords(plan, settings, { base, layers, keptIn }) {
  const records2 = [
    ...toolRecords(settings.tools),
    ...DEVICE_FILES.map((name) => `device=${name}`),
    ...layers.map(({ mode, folder }) => `layer=${mode}:${folder}`),
    ...launcherRecords(plan.cage.launchers),
    ...plan.cage.aliases.map(({ point }) => `alias=${point}`),
    `uid=${settings.uid}`,
    `gid=${settings.gid}`,
    `owner_uid=${base.owner.uid}`,
    `owner_gid=${base.owner.gid}`,
    `entrance=${settings.entrance}`,
    `ca=${plan.cage.ca}`,
    `resolv=${resolvConf(plan.cage.resolvers)}`,
    `resolv_path=${base.resolvConf}`,
    `label=${base.name}`,
    `probe=${keptIn === null ? "" : probeOptions(settings.entrance)}`,
    `program=${cageProgram()}`,
    `launcher=${launcherScript({ node: process.execPath, program: cliProgram(import.meta.url), jobFolder: null })}`
  ];
  if (records2.some((record2) => record2.includes("\0"))) {
    throw new WrapError("usage", "Cannot make a cage: a path contains NUL, expected none");
  }
  return nulTerminated(records2);
}
function launcherRecords(launchers) {
  const rules = new Map(launchers.map((launcher) => [launcher.rule, launcher]));
  const parts = { node: process.execPath, program: cliProgram(import.meta.url), jobFolder: null };
  return [...rules].map(([rule, agent]) => `agent=${rule}:${launcherScript({ ...parts, agent })}`);
}
function probeOptions(entrance) {
  return [`lowerdir=${OWN_FOLDER}`, ...upperOptions(PROBE_FOLDER, entrance), "nosuid", "nodev", "X-mount.mkdir"].join(",");
}
function resolvConf(resolvers2) {
  return `${resolvers2.map((address) => `nameserver ${address}
`).join("")}options timeout:2 attempts:2
`;
}

// wrapper/files-notes.ts
function filesNotes({ layersFolder, layered, unlaid, isKept }) {
  const notes = [];
  if (unlaid.length > 0) {
    notes.push(
      `in ${unlaid.join(", ")} the command writes only in folders that are there: something is mounted inside, and an overlay then needs sudo`
    );
  }
  if (layersFolder !== null && layered.length > 0 && !isKept) {
    const why = "its file system cannot hold an upper layer";
    notes.push(`what is written in ${layered.join(", ")} ends with this cage, and is not kept in ${layersFolder}: ${why}`);
  }
  return notes;
}

// wrapper/mount-check.ts
var CLOSED2 = ["ro", "nosuid", "nodev"];
var KEPT_OPTIONS = [...CLOSED2, "rw", "noexec"];
function mountFaults(seen, { lines, hostMounts, isThere: isThere2 }) {
  const all = parseMountTable(seen.map(({ line }) => line).join("\n"));
  const unreachable = new Set(seen.filter(({ reachable }) => !reachable).flatMap(({ line }) => parseMountTable(line).map(({ id }) => id)));
  const visible = visibleMounts(all);
  const byPoint = new Map(visible.map((mount) => [mount.point, mount]));
  const planned = new Map(lines.map((line) => [line.point, line]));
  for (const { point, mayBeGone } of lines) if (mayBeGone === true && !byPoint.has(point) && !isThere2(point)) planned.delete(point);
  const missed = [...planned.values()].flatMap((line) => plannedFaults(line, byPoint.get(line.point), { all, visible, hostMounts }));
  const open = visible.filter(({ id, point }) => !planned.has(point) && !unreachable.has(id)).flatMap(openFaults);
  return visible.length === 0 ? ["its mount table is empty"] : [...missed, ...open];
}
function openFaults({ point, options }) {
  const lacks = CLOSED2.filter((option) => !options.includes(option));
  return lacks.length === 0 ? [] : [`${point} is not ${lacks.join(", ")}`];
}
function plannedFaults(line, mount, tables) {
  const { point } = line;
  if (mount === void 0) return [`${point} has no mount of its own`];
  const lacks = line.options.filter((option) => KEPT_OPTIONS.includes(option) && !mount.options.includes(option));
  const isBind = line.type === "none" || line.type === "alias";
  const source = isBind ? sourceOf(line, mount, tables) : { device: mount.device, root: "/" };
  const isRight = source !== null && source.device === mount.device && source.root === mount.root && (isBind || line.type === mount.type);
  return [...lacks.length === 0 ? [] : [`${point} is not ${lacks.join(", ")}`], ...isRight ? [] : [`${point} shows something else`]];
}
function sourceOf({ source, point }, mount, { all, visible, hostMounts }) {
  if (isWithin(source, HOST_ASIDE)) return partOf(mountOf(hostPath(source), hostMounts), hostPath(source));
  if (source === point) return partOf(all.find(({ id }) => id === mount.parent) ?? null, source);
  return partOf(mountOf(source, visible), source);
}
function hostPath(source) {
  return source.slice(HOST_ASIDE.length) || "/";
}

// wrapper/stand-cage.ts
async function standCage(plan, terminal, making) {
  const { tools, entrance, lifeline } = making;
  const settings = callerSettings({ entrance, tools, console: plan.shared === null ? terminal.path : null });
  const baits = await layBaits(plan.cage.sessionFolder, settings.uid);
  try {
    const files = writeCageFiles(plan, settings, baits.records);
    if (files.keptIn !== null) sweepWorkFolders(files.keptIn, files.layers, (paths) => entrance === "sudo" && removeAsRoot(tools, paths));
    const command = cageCommand(entrance, tools, { script: files.script, folder: plan.cage.sessionFolder, outlives: lifeline !== null });
    const faults = ({ mounts }) => mountFaults(mounts, files.expectation);
    const stood = await raiseCage(plan, terminal, making, { ...files, command, baits, faults });
    if (typeof stood !== "string") tellNotes(plan, stood.cage, files);
    return stood;
  } finally {
    baits.close();
  }
}
function tellNotes({ cage: { files: plan } }, cage, files) {
  const isKept = files.keptIn !== null && cage.hasKeptLayers;
  const layered = files.layers.map(({ path }) => path);
  for (const note of filesNotes({ ...files, layered, layersFolder: plan.layersFolder, isKept })) say(note);
}

// wrapper/run.ts
async function runWrapped(plan) {
  const lost = whenLost(plan);
  const interrupted = Promise.withResolvers();
  const signals = { handle: interrupted.resolve };
  const stopSignals = onSignals((signal) => signals.handle(signal));
  try {
    const tools = findTools(plan.cage.toolFolders);
    const terminal = openTerminal(plan.terminal.columns, plan.terminal.rows);
    const around = { tools, lost, signals, interrupted: interrupted.promise };
    return await runOn(terminal, plan, around).finally(terminal.close);
  } finally {
    stopSignals();
  }
}
async function runOn(terminal, plan, around) {
  const { shared, within } = plan;
  const shelter = await (within !== null ? makeNested(terminal, plan, around, within) : shared !== null ? findCage(terminal, plan, around, shared) : makeCage(terminal, plan, around, null));
  return typeof shelter === "string" ? { kind: "signalled", signal: shelter } : supervise(shelter, terminal, plan, around);
}
async function findCage(terminal, plan, around, shared) {
  const place2 = await Promise.race([claimCage(shared, plan), around.interrupted]);
  if (place2 === null) return makeCage(terminal, plan, around, shared);
  return typeof place2 === "string" ? place2 : sharedShelter(place2, writeStartFile(plan, place2));
}
async function makeNested(terminal, plan, around, outer) {
  const stood = await nestCage(plan, terminal, around, outer);
  if (typeof stood === "string") return stood;
  stood.cage.hold();
  return ownShelter(stood);
}
async function makeCage(terminal, plan, around, shared) {
  const entrance = await chooseEntrance(around.tools, ownId(process.getuid));
  const lifeline = await shared?.hold() ?? null;
  try {
    const stood = await standCage(plan, terminal, { ...around, entrance, lifeline });
    if (typeof stood === "string") return stood;
    stood.cage.hold();
    return shared === null ? ownShelter(stood) : sharedShelter(stood.place, stood.start);
  } finally {
    lifeline?.destroy();
  }
}
async function supervise(shelter, terminal, plan, { tools, lost, signals }) {
  const forced = Promise.withResolvers();
  const command = startCommand(terminal, plan, shelter, tools);
  const end = () => {
    shelter.kill(command);
    forced.resolve({ kind: "killed" });
  };
  void command.settled.then(terminal.closeSlave);
  const terminator = createTerminator({ signal: (name) => command.signal(name), kill: end }, plan.graceMs);
  signals.handle = terminator.request;
  const flow = record(command, terminal, plan);
  const stopKeyboard = plan.terminal.interactive ? joinKeyboard(terminal, plan, flow.recorder) : () => void 0;
  try {
    const ended = await Promise.race([command.ended, lost]);
    if (typeof ended === "string") return await endLost(shelter, command, ended);
    const isSilent = await Promise.race([flow.printed.then(() => true), delay2(LINGER_MS_MAX), lost.then(() => false)]);
    await shelter.leave(terminal, isSilent);
    const last = await Promise.race([flow.all().then(() => ended, messageOf), forced.promise, lost]);
    return typeof last === "string" ? { kind: "lost", why: last } : resultOf(last);
  } finally {
    terminator.stop();
    stopKeyboard();
  }
}
function startCommand(terminal, { terminal: { interactive, stdinFd } }, { place: place2, start }, tools) {
  const words = enterCommand(place2.entrance, tools, cageProgram(), { cage: place2, start, console: terminal.path, interactive });
  return new CagedCommand(words, interactive ? "ignore" : stdinFd, terminal.masterFd);
}
function record(command, terminal, plan) {
  const recorder = new Recorder(plan.hooks.record, () => Number(process.hrtime.bigint() / 1000n));
  const onGone = () => {
    command.signal("SIGPIPE");
    setTimeout(terminal.close, LINGER_MS_MAX).unref();
  };
  const output = plan.terminal.remote?.output(onGone) ?? new DescriptorWriter(plan.terminal.stdoutFd, onGone);
  recorder.resize(plan.terminal.columns, plan.terminal.rows);
  const printed = relayOutput(terminal, output, recorder, plan.terminal.filter);
  return {
    recorder,
    printed,
    async all() {
      await printed;
      await output.drained();
      await recorder.end();
    }
  };
}
function resultOf(ended) {
  switch (ended.kind) {
    case "exited":
      return ended;
    case "killed":
      return { kind: "signalled", signal: "SIGKILL" };
    case "failed":
      throw ended.error;
  }
}
async function endLost(shelter, command, why) {
  await shelter.lose(command);
  return { kind: "lost", why };
}
function whenLost(plan) {
  const { gatewayLost, record: record2 } = plan.hooks;
  return new Promise((resolve2) => {
    gatewayLost.then(
      () => resolve2("the session ended"),
      (error) => resolve2(messageOf(error))
    );
    record2.once("error", (error) => resolve2(`the recording stopped: ${error.message}`));
  });
}
function joinKeyboard(terminal, { terminal: { remote } }, recorder) {
  const keys = new DescriptorWriter(terminal.masterFd, () => void 0);
  const onResize = (columns, rows) => {
    terminal.resize(columns, rows);
    recorder.resize(columns, rows);
  };
  return relayKeyboard(remote?.keyboard ?? process.stdin, remote?.screen ?? process.stdout, keys, onResize);
}
function delay2(ms) {
  return new Promise((resolve2) => void setTimeout(() => resolve2(false), ms).unref());
}

// wrapper/session-folder.ts
import { lstatSync as lstatSync5, mkdirSync as mkdirSync3, mkdtempSync as mkdtempSync2, rmSync as rmSync5 } from "node:fs";
import { join as join9 } from "node:path";
function makeSessionFolder(base, uid) {
  const parent = join9(base, `duty-gate-${uid}`);
  mkdirSync3(parent, { recursive: true, mode: 448 });
  const found = lstatSync5(parent);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 63) !== 0) {
    throw new WrapError("set-up", `Cannot use ${parent}: it is not this user's own closed folder, expected one of mode 0700, or nothing`);
  }
  const path = mkdtempSync2(join9(parent, "run-"));
  return { path, parent, remove: () => rmSync5(path, { recursive: true, force: true }) };
}

export {
  PRIVATE_FOLDERS,
  isWithin,
  namesIn,
  cageProgram,
  ESCAPES,
  DescriptorWriter,
  chooseEntrance,
  surveyHost,
  layBaits,
  say,
  sayBy,
  openTerminal,
  FORWARDED_SIGNALS,
  onSignals,
  runWrapped,
  makeSessionFolder
};
