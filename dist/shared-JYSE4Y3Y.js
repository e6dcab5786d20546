import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  BootstrapAnswer,
  CONTROL_BODY_BYTES_MAX,
  CloseAnswer,
  ControlError,
  ControlFault,
  Hello,
  OpenAnswer,
  createSigningKey,
  isFaultCode,
  localUserName,
  makeProof,
  mintLocalToken,
  parseJson,
  readBytes,
  targetUri
} from "./shared-H46PAVTZ.js";
import {
  encodeResize,
  encodeStream,
  external_exports,
  sessionAudience
} from "./shared-KWEBPZPV.js";
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
        return value instanceof P ? value : new P(function(resolve3) {
          resolve3(value);
        });
      }
      return new (P || (P = Promise))(function(resolve3, reject) {
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
          result.done ? resolve3(result.value) : adopt(result.value).then(fulfilled, rejected);
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
          this._worker.on("error", function(error2) {
            if (!_this._isDisposed && !_this._isReady) {
              _this._onError.fire(error2);
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
          this._conoutSocketWorker.onError(function(error2) {
            return _this._failPtyConnection(error2);
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
        WindowsPtyAgent2.prototype._failPtyConnection = function(error2) {
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
          this._onError.fire(error2);
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
          return new Promise(function(resolve3) {
            var agent = (0, child_process_1.fork)(path.join(__dirname, "conpty_console_list_agent"), [_this._innerPid.toString()]);
            agent.on("message", function(message) {
              clearTimeout(timeout);
              resolve3(message.consoleProcessList);
            });
            var timeout = setTimeout(function() {
              agent.kill();
              resolve3([_this._innerPid]);
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
    exports.spawn = spawn4;
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
    function spawn4(file, args, opt) {
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

// wrapper/main.ts
import { mkdirSync as mkdirSync2, readFileSync as readFileSync2 } from "node:fs";
import { isatty } from "node:tty";

// src/control/client.ts
import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import { finished } from "node:stream/promises";

// src/control/exchange.ts
import { Agent, request as startRequest } from "node:http";
var ANSWER_MS_MAX = 12e4;
async function exchange(peer, what, body, schema) {
  const headers = body === null ? {} : { "content-type": "application/json" };
  const request = await start(peer, { ...what, headers });
  const answered = answerOf(request);
  request.end(body === null ? void 0 : JSON.stringify(body));
  return readAnswer(await answered, schema);
}
async function start(peer, { method, path, headers = {} }) {
  return startRequest({
    socketPath: peer.socketPath,
    path,
    method,
    headers: { host: "gateway", ...headers, ...await credentials(peer, method, path) },
    // One connection a request, and never one that an environment variable would have go elsewhere.
    agent: new Agent({ keepAlive: false })
  });
}
async function credentials(peer, method, path) {
  if (peer.gateway === null) return {};
  const target = { method, uri: targetUri(peer.gateway, path), token: peer.token };
  const dpop = await makeProof(peer.key, target, peer.nowMs(), peer.newId());
  return peer.token === null ? { dpop } : { dpop, authorization: `DPoP ${peer.token}` };
}
function answerOf(request) {
  return new Promise((resolve3, reject) => {
    request.once("response", resolve3);
    request.on("error", (cause) => reject(unreachable(cause)));
  });
}
async function readAnswer(answer, schema) {
  const bytes = await readBytes(answer, CONTROL_BODY_BYTES_MAX, ANSWER_MS_MAX).catch((cause) => {
    throw unreachable(cause);
  });
  if (answer.statusCode === 200) return parsed(bytes, schema);
  const { error: error2 } = parsed(bytes, ControlFault);
  throw new ControlError(isFaultCode(error2.code) ? error2.code : "protocol", error2.message);
}
function parsed(bytes, schema) {
  try {
    return parseJson(bytes, schema);
  } catch (cause) {
    throw new ControlError("protocol", "Cannot understand the gateway: its answer has another shape, expected the control protocol", {
      cause
    });
  }
}
function unreachable(cause) {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "no answer";
  return new ControlError("unreachable", `Cannot reach the gateway: ${code}, expected it to answer on its socket`, { cause });
}

// src/control/client.ts
var WATCH_SILENCE_MS_MAX = 15e3;
async function openSession({ socketPath, duty, argv }) {
  const key = createSigningKey();
  const stranger = { socketPath, gateway: null, key, token: null, nowMs: Date.now, newId: randomUUID };
  const hello = await exchange(stranger, { method: "GET", path: "/v1/hello" }, null, Hello);
  const { gateway, nonce, evidenceKey } = hello;
  const audience = sessionAudience({ gateway, nonce, clientKey: key.thumbprint, evidenceKey });
  const token = await mintLocalToken(key, { user: localUserName(), audience }, Date.now(), randomUUID());
  const known = { ...stranger, gateway };
  const answer = await exchange(known, { method: "POST", path: "/v1/sessions" }, { token, duty, argv }, OpenAnswer);
  return holdSession({ ...known, token: answer.token }, answer);
}
async function holdSession(peer, answer) {
  const at = (action) => `/v1/sessions/${answer.session}/${action}`;
  let closing = false;
  let recording = null;
  const { ended } = await watch(peer, at("watch"));
  return {
    answer,
    async enterCage(request) {
      await exchange(peer, { method: "POST", path: at("cage") }, request, external_exports.strictObject({}));
    },
    record() {
      recording = recordingSink(peer, at("recording"));
      return recording;
    },
    lost: new Promise((resolve3) => {
      void ended.then(() => {
        if (!closing) resolve3();
      });
    }),
    async close(request) {
      closing = true;
      if (recording !== null) await endOfRecording(recording);
      return exchange(peer, { method: "POST", path: at("close") }, request, CloseAnswer);
    }
  };
}
async function watch(peer, path) {
  const request = await start(peer, { method: "GET", path });
  const answered = answerOf(request);
  request.end();
  const beats = await answered;
  if (beats.statusCode !== 200) await readAnswer(beats, external_exports.never());
  return { ended: endOf(request, beats) };
}
function endOf(request, beats) {
  return new Promise((resolve3) => {
    const silence = setTimeout(() => request.destroy(), WATCH_SILENCE_MS_MAX).unref();
    beats.on("data", () => silence.refresh());
    beats.on("error", () => void 0);
    beats.once("close", () => {
      clearTimeout(silence);
      resolve3();
    });
  });
}
function recordingSink(peer, path) {
  const started = start(peer, { method: "POST", path, headers: { "content-type": "application/octet-stream" } });
  const answered = started.then(answerOf).then((answer) => readAnswer(answer, external_exports.strictObject({})));
  const sink = new Writable({
    highWaterMark: RECORDING_BYTES_BUFFERED_MAX,
    write(chunk, _encoding, done) {
      started.then((request) => {
        if (request.write(chunk)) return done();
        once(request, ["drain", "close"], () => done());
      }, done);
    },
    final(done) {
      started.then((request) => request.end()).catch(() => void 0);
      answered.then(() => done(), done);
    },
    destroy(error2, done) {
      started.then((request) => request.destroy()).catch(() => void 0);
      done(error2);
    }
  });
  answered.catch((error2) => sink.destroy(error2));
  return sink;
}
async function endOfRecording(sink) {
  if (!sink.writableEnded) sink.end();
  await finished(sink).catch(() => void 0);
}
var RECORDING_BYTES_BUFFERED_MAX = 256 * 1024;
function once(request, events, then) {
  const fire = () => {
    for (const event of events) request.off(event, fire);
    then();
  };
  for (const event of events) request.on(event, fire);
}

// wrapper/environment.ts
var SCRUBBED = /* @__PURE__ */ new Set(["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_RUNTIME_TOKEN"]);
var SCRUBBED_PREFIX = "DUTY_GATE_";
var CA_PATH_INSIDE = "/run/duty-gate/ca.pem";
function commandEnvironment(entries, terminal) {
  const kept = /* @__PURE__ */ new Map();
  for (const entry of entries.map(givenBack)) {
    const name = nameOf(entry);
    if (name !== null && !kept.has(name) && !isScrubbed(name)) kept.set(name, entry);
  }
  const put = (name, value) => void kept.set(name, Buffer.from(`${name}=${value}`));
  put("PGSSLROOTCERT", CA_PATH_INSIDE);
  if (!terminal.output) put("TERM", "dumb");
  else if (!kept.has("TERM")) put("TERM", "xterm-256color");
  if (!terminal.interactive) for (const name of ["PAGER", "PSQL_PAGER", "GIT_PAGER"]) put(name, "cat");
  return [...kept.values()];
}
var HANDED_OVER_PREFIX = Buffer.from("DUTY_GATE_ENV_");
function givenBack(entry) {
  return HANDED_OVER_PREFIX.equals(entry.subarray(0, HANDED_OVER_PREFIX.length)) ? entry.subarray(HANDED_OVER_PREFIX.length) : entry;
}
function splitEnvironment(bytes) {
  const entries = [];
  for (let start2 = 0; start2 < bytes.length; ) {
    const end = bytes.indexOf(0, start2);
    const stop = end < 0 ? bytes.length : end;
    if (stop > start2) entries.push(bytes.subarray(start2, stop));
    start2 = stop + 1;
  }
  return entries;
}
function nameOf(entry) {
  const equals = entry.indexOf(61);
  return equals > 0 ? Buffer.from(entry.buffer, entry.byteOffset, equals).toString("latin1") : null;
}
function isScrubbed(name) {
  return SCRUBBED.has(name) || name.startsWith(SCRUBBED_PREFIX);
}

// wrapper/exit-code.ts
import { constants } from "node:os";
var EXIT_SESSION_LOST = 123;
var EXIT_NOT_STARTED = 125;
function exitCodeOf(result) {
  switch (result.kind) {
    case "exited":
      return result.exitCode;
    case "signalled":
      return 128 + constants.signals[result.signal];
    case "lost":
      return EXIT_SESSION_LOST;
  }
}

// wrapper/gateway-process.ts
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

// wrapper/wrap-error.ts
var WrapError = class extends Error {
  code;
  constructor(code, message, options) {
    super(message, options);
    this.name = "WrapError";
    this.code = code;
  }
};

// wrapper/gateway-process.ts
var READY_MS_MAX = 3e4;
var STOP_MS_MAX = 1e4;
async function startGateway(bootstrap) {
  const stdio = ["pipe", "pipe", "inherit"];
  const child = spawn(process.execPath, ["--disable-sigusr1", gatewayPath(import.meta.url)], { cwd: "/", env: {}, detached: true, stdio });
  const ended = new Promise((resolve3) => child.once("close", () => resolve3()));
  child.stdin?.on("error", () => void 0);
  child.stdin?.write(`${JSON.stringify(bootstrap)}
`);
  const stop = () => stopGateway(child, ended);
  try {
    return { socketPath: await readySocket(child), stop };
  } catch (error2) {
    await stop();
    throw error2;
  }
}
function gatewayPath(here) {
  return fileURLToPath(new URL(here.endsWith(".ts") ? "../src/gateway/main.ts" : "./gateway.js", here));
}
function readySocket(child) {
  return new Promise((resolve3, reject) => {
    const fail = (why) => reject(new WrapError("gateway", why));
    const timer = setTimeout(() => fail(`Cannot start the gateway: no answer in ${READY_MS_MAX} ms, expected one`), READY_MS_MAX);
    child.once("error", (error2) => fail(`Cannot start the gateway: ${error2.message}, expected a process`));
    child.once("close", (code) => fail(`Cannot start the gateway: it ended (exit code ${code ?? "none"}), expected its answer`));
    if (child.stdout === null) return fail("Cannot start the gateway: it has no output, expected a pipe");
    createInterface({ input: child.stdout }).once("line", (line) => {
      clearTimeout(timer);
      const answer = parseAnswer(line);
      if (answer === null) fail("Cannot start the gateway: its answer is not understood, expected one line of JSON");
      else if ("error" in answer) fail(answer.error.message);
      else resolve3(answer.socket);
    });
    child.once("close", () => clearTimeout(timer));
  });
}
function parseAnswer(line) {
  try {
    return BootstrapAnswer.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
async function stopGateway(child, ended) {
  child.stdin?.end();
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
  await ended;
  clearTimeout(timer);
}

// wrapper/options.ts
import { resolve } from "node:path";
var RUN_USAGE = `duty-gate run --policy FILE [OPTIONS] -- CMD [ARG\u2026]

  --policy FILE    the policy; its duty is held against everything CMD starts
  --secrets FILE   YAML map of names to values; readable by its owner only
  --duty NAME      which duty, where the policy binds several
  --evidence DIR   where bundles go, a folder for each session (default: duty-gate-evidence)
  --help           this text

CMD runs in a cage whose only way out is the gate. Exit codes: CMD's own; 123 the session was lost while it ran;
125 it could not be started safely and nothing ran; 126 and 127 as shells do; 128+n for a signal.
`;
var DEFAULT_EVIDENCE_FOLDER = "duty-gate-evidence";
var OPTION_NAMES = ["policy", "secrets", "duty", "evidence"];
function parseRunOptions(args, cwd) {
  const values = /* @__PURE__ */ new Map();
  let next = 0;
  for (; next < args.length; next++) {
    const word = args[next] ?? "";
    if (word === "--help" || word === "-h") return { kind: "help" };
    if (!word.startsWith("-") || word === "-") break;
    if (word === "--") {
      next += 1;
      break;
    }
    const option = splitOption(word);
    if (option === null) return error(`there is no option ${word}`, "one of those that --help lists");
    const value = option.value ?? args[++next];
    if (value === void 0 || value === "") return error(`--${option.name} has no value`, "one after it");
    if (values.has(option.name)) return error(`--${option.name} is given twice`, "once");
    values.set(option.name, value);
  }
  return runOptions(values, args.slice(next), cwd);
}
function runOptions(values, argv, cwd) {
  const policy = values.get("policy");
  const secrets = values.get("secrets");
  if (policy === void 0) return error("no policy is named and no session is open", "--policy FILE");
  if (argv.length === 0 || argv[0] === "") return error("no command is given", "one after --");
  return {
    kind: "run",
    options: {
      policyPath: resolve(cwd, policy),
      secretsPath: secrets === void 0 ? null : resolve(cwd, secrets),
      duty: values.get("duty") ?? null,
      evidenceFolder: resolve(cwd, values.get("evidence") ?? DEFAULT_EVIDENCE_FOLDER),
      argv
    }
  };
}
function splitOption(word) {
  const [, key, value] = /^--([a-z]+)(?:=(.*))?$/s.exec(word) ?? [];
  const name = OPTION_NAMES.find((known) => known === key);
  return name === void 0 ? null : { name, value: value ?? null };
}
function error(state, expected) {
  return { kind: "error", message: `Cannot run: ${state}, expected ${expected}` };
}

// wrapper/run.ts
import { readFileSync } from "node:fs";

// wrapper/cage.ts
import { spawn as spawn2 } from "node:child_process";
import { closeSync, openSync } from "node:fs";

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
      return Number.isSafeInteger(number) && number > 0 ? { kind: "network", pid: number } : null;
    case "@ready":
      return { kind: "ready" };
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

// wrapper/cage.ts
var SET_UP_MS_MAX = 3e4;
var Cage = class {
  /** The pid that a gateway enters by. */
  networkUp;
  ready;
  /** The command's exit, or that the cage died before it. Never rejects. */
  commandEnded;
  /** The whole cage is gone. Never rejects. */
  ended;
  #child;
  #socket;
  #reader = new CageStatusReader();
  #networkUp = Promise.withResolvers();
  #ready = Promise.withResolvers();
  #commandEnded = Promise.withResolvers();
  #timer;
  #isReady = false;
  #isStarted = false;
  /**
   * @param command of namespace.ts; @param stdin descriptor for the command's own. Its terminal init opens by path: the
   * outer processes would hold on to it, and its end could not be seen.
   * @param ownFd a descriptor of ours that every child would inherit, the terminal's master: this one does not.
   */
  constructor(command, stdin, ownFd) {
    const [file = "", ...args] = command;
    const nothing = openSync("/dev/null", "r");
    const others = Array.from({ length: ownFd - 2 }, (_, index) => index + 3 === ownFd ? nothing : "ignore");
    this.#child = spawn2(file, args, { cwd: "/", env: {}, detached: true, stdio: [stdin, "ignore", "pipe", ...others] });
    closeSync(nothing);
    this.#socket = orderSocket(this.#child);
    this.networkUp = this.#networkUp.promise;
    this.ready = this.#ready.promise;
    this.commandEnded = this.#commandEnded.promise;
    this.networkUp.catch(() => void 0);
    this.ready.catch(() => void 0);
    this.#timer = setTimeout(() => this.#failSetUp(`it took longer than ${SET_UP_MS_MAX} ms`), SET_UP_MS_MAX);
    this.#socket.setEncoding("utf8");
    this.#socket.on("data", (chunk) => {
      for (const status of this.#reader.push(chunk)) this.#take(status);
    });
    this.#socket.on("error", () => void 0);
    this.ended = this.#watchEnd();
  }
  /** The pid of the process that made the namespaces, by which the user-namespace entrance is entered. */
  get pid() {
    return this.#child.pid ?? 0;
  }
  go() {
    this.#socket.write("go\n");
  }
  signal(name) {
    this.#socket.write(`signal ${name.replace(/^SIG/, "")}
`);
  }
  /** Lets go: init ends, and with it everything inside. */
  release() {
    this.#socket.end();
  }
  /** Ends everything inside at once. */
  kill() {
    this.#socket.destroy();
    this.#child.kill("SIGKILL");
  }
  #take(status) {
    switch (status.kind) {
      case "network":
        this.#networkUp.resolve(status.pid);
        break;
      case "ready":
        clearTimeout(this.#timer);
        this.#isReady = true;
        this.#ready.resolve();
        break;
      case "started":
        this.#isStarted = true;
        break;
      case "failed":
        this.#failSetUp(`the step ${JSON.stringify(status.step)} failed`);
        break;
      case "exited":
        if (this.#isStarted) this.#commandEnded.resolve({ kind: "exited", exitCode: status.exitCode });
        else this.#failSetUp("rights could not be dropped");
        break;
    }
  }
  #failSetUp(why) {
    clearTimeout(this.#timer);
    const complaints = this.#reader.complaints === "" ? "" : ` (${this.#reader.complaints})`;
    const error2 = new WrapError("set-up", `Cannot set up the cage: ${why}${complaints}, expected every step to succeed`);
    this.#networkUp.reject(error2);
    this.#ready.reject(error2);
    this.#commandEnded.resolve({ kind: "failed", error: error2 });
    this.kill();
  }
  #watchEnd() {
    return new Promise((resolve3) => {
      const end = (why) => {
        if (this.#isReady) this.#commandEnded.resolve({ kind: "killed" });
        else this.#failSetUp(why);
        resolve3();
      };
      this.#child.once("error", (error2) => end(error2.message));
      this.#child.once("close", () => end("it ended"));
    });
  }
};
function orderSocket(child) {
  const stream = child.stderr;
  if (stream === null || !("write" in stream) || !("setNoDelay" in stream)) {
    throw new WrapError("set-up", "Cannot talk to the cage: its channel is one-way, expected a socket");
  }
  return stream;
}

// wrapper/cage-files.ts
import { lstatSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve as resolve2 } from "node:path";

// wrapper/cage-script.ts
var CAGE_SCRIPT = `
fail() { printf '@fail %s\\n' "$1" >&2; exit 125; }
step() { local name=$1; shift; "$@" || fail "$name"; }

main() {
  local folder=$1 fd record
  umask 022
  exec {in}<&0 </dev/null >&2 || fail descriptors
  for fd in /proc/self/fd/*; do
    fd=\${fd##*/}
    case $fd in 0 | 1 | 2 | 255 | "$in") ;; *) eval "exec $fd>&-" ;; esac
  done
  declare -A tool
  hide=() argv=() limits=()
  while IFS= read -r -d '' record; do
    case $record in
      tool:*) record=\${record#tool:}; tool[\${record%%=*}]=\${record#*=} ;;
      hide=*) hide+=("\${record#*=}") ;;
      argv=*) argv+=("\${record#*=}") ;;
      limit=*) limits+=("\${record#*=}") ;;
      uid=* | gid=* | cwd=* | umask=* | entrance=* | interactive=* | console=* | ca=* | resolv=* | resolv_path=* | last=*)
        printf -v "\${record%%=*}" %s "\${record#*=}" ;;
      *) fail settings ;;
    esac
  done <"$folder/setup" || fail settings
  exec {environment}<"$folder/environment" {out}<>"$console" || fail settings
  [[ $interactive = 0 ]] || exec {in}<&"$out" || fail settings
  cd / || fail settings

  # The pid that the host's /proc, still mounted here, knows us by.
  read -r host_pid _ </proc/self/stat || fail /proc
  step /proc "\${tool[mount]}" -t proc -o nosuid,nodev,noexec proc /proc
  set_up_network
  printf '@network %s\\n' "$host_pid" >&2

  protect_proc
  set_up_sys
  set_up_run
  set_up_dev
  set_up_hidden
  [[ $interactive = 1 ]] || step terminal "\${tool[stty]}" -opost -echo <&"$out"
  printf '@ready\\n' >&2
  local answer=
  read -r -u 2 answer && [[ $answer = go ]] || exit 125
  run_command
}

# From here on every address is this namespace's own: a connect reaches a listener inside, or is refused.
set_up_network() {
  step network "\${tool[ip]}" -batch - <<<$'link set lo up\\nroute add local 0.0.0.0/0 dev lo'
  # Without IPv6 in the kernel there is nothing that could leave by it; with it, a failure is one.
  if [[ -e /proc/net/if_inet6 && $(</proc/sys/net/ipv6/conf/lo/disable_ipv6) = 0 ]]; then
    step network "\${tool[ip]}" -6 route add local ::/0 dev lo
    # IPv6 wants this besides, to bind an address that a route makes local.
    printf 1 >/proc/sys/net/ipv6/ip_nonlocal_bind || fail network
  fi
}

# R15: uid 0 without a capability still owns these files. (A mount over /proc keeps nested cages from mounting their own.)
protect_proc() {
  local name
  for name in sys irq bus fs sysrq-trigger mtrr scsi acpi driver; do
    [[ -e /proc/$name ]] || continue
    step "/proc/$name" "\${tool[mount]}" --bind -o ro,nosuid,nodev,noexec "/proc/$name" "/proc/$name"
  done
}

# R15: read-only with every mount below, and control groups wherever they are. Flags of the host's mounts are locked and
# must be given again.
set_up_sys() {
  local -a lines
  local line point options
  mapfile -t lines </proc/self/mountinfo || fail /sys
  for line in "\${lines[@]}"; do
    read -r _ _ _ _ point options _ <<<"$line"
    printf -v point %b "$point"
    case $line in
      *' - cgroup '* | *' - cgroup2 '* | *' - sysfs '*) ;;
      *) [[ $point = /sys/* ]] || continue ;;
    esac
    [[ ,$options, = *,ro,* ]] && continue
    step "$point" "\${tool[mount]}" -o "remount,bind,ro,\${options#rw,}" "$point"
  done
}

set_up_run() {
  step /run "\${tool[mount]}" -t tmpfs -o mode=0755,nosuid,nodev,size=256m tmpfs /run
  if [[ -d /var/run && ! -L /var/run ]]; then
    step /var/run "\${tool[mount]}" -t tmpfs -o mode=0755,nosuid,nodev,size=64m tmpfs /var/run
  fi
  step /run "\${tool[mkdir]}" -m 1777 /run/lock
  step /run "\${tool[mkdir]}" -p /run/duty-gate /run/duty-gate-dev "\${resolv_path%/*}"
  step /run "\${tool[mkdir]}" -m 0700 -p "/run/user/$uid"
  [[ $entrance != sudo ]] || step /run "\${tool[chown]}" "$uid:$gid" "/run/user/$uid"
  printf %s "$ca" >/run/duty-gate/ca.pem || fail ca.pem
  printf %s "$resolv" >/run/duty-gate/resolv.conf || fail resolv.conf
  : >/run/duty-gate/empty || fail /run/duty-gate
  case $resolv_path in
    /run/*) : >"$resolv_path" || fail resolv.conf ;;
  esac
  step resolv.conf "\${tool[mount]}" --bind -o ro /run/duty-gate/resolv.conf "$resolv_path"
  step /run/duty-gate "\${tool[mount]}" --bind -o ro /run/duty-gate /run/duty-gate
}

# Built aside and moved into place, so that the host's devices are there to take from until the end. The command's
# terminal is the host's and goes on working as an open descriptor; /dev/console is its name inside.
set_up_dev() {
  local dev=/run/duty-gate-dev name
  step /dev "\${tool[mount]}" -t tmpfs -o mode=0755,nosuid,noexec,size=64k tmpfs "$dev"
  step /dev "\${tool[mkdir]}" "$dev/pts" "$dev/shm"
  for name in null zero full random urandom tty; do
    : >"$dev/$name" || fail "/dev/$name"
    step "/dev/$name" "\${tool[mount]}" --bind "/dev/$name" "$dev/$name"
  done
  : >"$dev/console" || fail /dev/console
  step /dev/console "\${tool[mount]}" --bind "$console" "$dev/console"
  step /dev/pts "\${tool[mount]}" -t devpts -o newinstance,ptmxmode=0666,mode=0620,nosuid,noexec devpts "$dev/pts"
  step /dev/shm "\${tool[mount]}" -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$dev/shm"
  step /dev "\${tool[ln]}" -s /proc/self/fd pts/ptmx "$dev/"
  step /dev "\${tool[ln]}" -s /proc/self/fd/0 "$dev/stdin"
  step /dev "\${tool[ln]}" -s /proc/self/fd/1 "$dev/stdout"
  step /dev "\${tool[ln]}" -s /proc/self/fd/2 "$dev/stderr"
  step /dev "\${tool[mount]}" --move "$dev" /dev
}

# A path that is gone since the wrapper looked is a failure: it could come back.
set_up_hidden() {
  local path
  for path in "\${hide[@]}"; do
    if [[ -d $path ]]; then
      step "hide $path" "\${tool[mount]}" -t tmpfs -o ro,mode=0555,nosuid,nodev,noexec,size=4k tmpfs "$path"
    else
      step "hide $path" "\${tool[mount]}" --bind -o ro /run/duty-gate/empty "$path"
    fi
  done
}

run_command() {
  local -a enter=("\${tool[setsid]}" --) drop=()
  [[ $interactive = 0 ]] || enter=("\${tool[setsid]}" --ctty --)
  if [[ $entrance = sudo ]]; then
    drop=("\${tool[setpriv]}" --reuid="$uid" --regid="$gid" --groups="$gid")
  else
    # Without --keep-caps the bounding set would silently stay full.
    drop=("\${tool[unshare]}" --user --map-user="$uid" --map-group="$gid" --keep-caps -- "\${tool[setpriv]}")
  fi
  drop+=(--no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all --)
  exec_command() {
    restore_limits
    exec "\${enter[@]}" "\${drop[@]}" "\${tool[bash]}" --norc --noprofile -c "$last" duty-gate \\
      "$environment" "$umask" "$cwd" "\${tool[env]}" "\${argv[@]}" <&"$in" >&"$out" {in}<&- {out}>&-
  }
  exec_command <&"$in" &
  command=$!
  # Nobody but the command and its children holds the terminal now: the wrapper sees its end.
  exec {in}<&- {out}>&- {environment}<&-
  obey &
  wait -n
  # The listener for orders ends first only when the wrapper is gone or has let go: all that is left dies with us.
  [[ -e /proc/$command/stat ]] && exit 137
  wait "$command"
  local status=$?
  printf '@exit %s\\n' "$status" >&2
  # The last output may still be on its way through a child (tee, gzip): the wrapper says when.
  wait
  exit "$status"
}

# As far as this machine lets us: a limit that stays lower than the caller's gives nothing away.
restore_limits() {
  local limit
  [[ \${#limits[@]} = 0 ]] && return
  "\${tool[prlimit]}" --pid "$BASHPID" "\${limits[@]}" 2>/dev/null && return
  for limit in "\${limits[@]}"; do "\${tool[prlimit]}" --pid "$BASHPID" "$limit" 2>/dev/null; done
}

# INT and QUIT go to the command's whole group, as a terminal sends them; the others to the command alone.
obey() {
  local order
  while read -r -u 2 order; do
    case $order in
      'signal INT' | 'signal QUIT') kill -s "\${order#signal }" -- "-$command" ;;
      'signal '*) kill -s "\${order#signal }" "$command" ;;
    esac
  done
}

main "$@"
`;
var LAST_SCRIPT = `
stop() { printf '@fail %s\\n' "$1" >&2; exit 125; }
fd=$1 env=$4
mapfile -d '' -t entries <&"$fd" || stop environment
exec {fd}<&-
umask "$2" || stop umask
cd -- "$3" || stop cwd
shift 4
printf '@started\\n' >&2
exec "$env" -i --default-signal -- "\${entries[@]}" "$@" 2>&1
`;

// wrapper/hidden.ts
import { realpathSync, statSync } from "node:fs";
var PRIVATE_FOLDERS = ["/run", "/dev", "/proc"];
function hiddenPaths(paths) {
  const real = [...new Set(paths.map(realPath))].sort();
  const folders = [...PRIVATE_FOLDERS, ...real.filter((path) => statSync(path).isDirectory())];
  return real.filter((path) => !folders.some((folder) => path.startsWith(`${folder}/`)));
}
function realPath(path) {
  let real;
  try {
    real = realpathSync(path);
  } catch (cause) {
    throw new WrapError("set-up", `Cannot hide ${JSON.stringify(path)}: it cannot be found, expected a file or folder`, { cause });
  }
  if (real === "/") throw new WrapError("set-up", `Cannot hide ${JSON.stringify(path)}: it is the root folder, expected one below`);
  return real;
}

// wrapper/cage-files.ts
var RESOLV_CONF_LINKS_MAX = 16;
function writeCageFiles(plan, settings) {
  const folder = plan.cage.sessionFolder;
  const paths = { script: join(folder, "cage"), setup: join(folder, "setup"), environment: join(folder, "environment") };
  const write2 = (path, data) => writeFileSync(path, data, { mode: 384, flag: "wx" });
  const records = setupRecords(plan, settings);
  write2(paths.script, CAGE_SCRIPT);
  write2(paths.setup, records);
  write2(paths.environment, Buffer.concat(plan.environment.flatMap((entry) => [entry, Buffer.of(0)])));
  return {
    script: paths.script,
    unlink() {
      for (const path of Object.values(paths)) rmSync(path, { force: true });
    }
  };
}
function setupRecords(plan, settings) {
  const [program = ""] = plan.argv;
  const argv = program.includes("=") ? ["/bin/sh", "-c", 'exec "$@"', "sh", ...plan.argv] : plan.argv;
  const hide = hiddenPaths([...plan.cage.hide, plan.cage.sessionFolder]);
  requireVisible(plan.cwd, hide);
  const records = [
    ...Object.entries(settings.tools).flatMap(([name, path]) => path === null ? [] : [`tool:${name}=${path}`]),
    ...hide.map((path) => `hide=${path}`),
    ...argv.map((word) => `argv=${word}`),
    ...settings.limits.map((limit) => `limit=${limit}`),
    `uid=${settings.uid}`,
    `gid=${settings.gid}`,
    `umask=${settings.umask.toString(8)}`,
    `cwd=${plan.cwd}`,
    `entrance=${settings.entrance}`,
    `interactive=${plan.terminal.interactive ? 1 : 0}`,
    `console=${settings.console}`,
    `ca=${plan.cage.ca}`,
    `resolv=${resolvConf(plan.cage.resolvers)}`,
    `resolv_path=${resolvConfTarget("/etc/resolv.conf")}`,
    `last=${LAST_SCRIPT}`
  ];
  if (records.some((record2) => record2.includes("\0"))) {
    throw new WrapError("usage", "Cannot run the command: an argument or path contains NUL, expected none");
  }
  return records.map((record2) => `${record2}\0`).join("");
}
function requireVisible(cwd, hide) {
  const cover = hide.find((path) => cwd === path || cwd.startsWith(`${path}/`));
  if (cover !== void 0)
    throw new WrapError("set-up", `Cannot run in ${cwd}: ${cover} is out of the command's sight, expected another folder`);
}
function resolvConf(resolvers) {
  return `${resolvers.map((address) => `nameserver ${address}
`).join("")}options timeout:2 attempts:2
`;
}
function resolvConfTarget(path) {
  let target = path;
  for (let links = 0; links < RESOLV_CONF_LINKS_MAX; links++) {
    if (!(lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink() ?? false)) return target;
    target = resolve2(dirname(target), readlinkSync(target));
  }
  throw new WrapError("set-up", `Cannot find ${path}: more than ${RESOLV_CONF_LINKS_MAX} links, expected a file`);
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
    return new Promise((resolve3) => this.#waiting.push(resolve3));
  }
  #next() {
    const chunk = this.#pending[0];
    if (this.#busy) return;
    if (chunk === void 0) {
      this.#settle();
      return;
    }
    this.#busy = true;
    write(this.#fd, chunk, 0, chunk.length, null, (error2, written) => {
      this.#busy = false;
      if (error2 === null) this.#advance(chunk, written);
      else if (error2.code === "EAGAIN") setTimeout(() => this.#next(), RETRY_MS);
      else this.#break(error2.code ?? "EIO");
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
    for (const resolve3 of waiting) resolve3();
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
  return new Promise((resolve3) => {
    const child = spawn3(file, args, { cwd: "/", env: {}, stdio: "ignore", detached: true, timeout: PROBE_MS_MAX, killSignal: "SIGKILL" });
    child.once("error", () => resolve3(false));
    child.once("exit", (code) => resolve3(code === 0));
  });
}

// wrapper/limits.ts
var OPTIONS = {
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
function limitOptions(own, parent) {
  const limits = parse(own);
  const files = limits.get("nofile");
  const before = parent === null ? void 0 : parse(parent).get("nofile");
  if (files !== void 0 && before !== void 0 && isLower(before.soft, files.soft)) {
    limits.set("nofile", { soft: before.soft, hard: files.hard });
  }
  return [...limits].map(([option, { soft, hard }]) => `--${option}=${soft}:${hard}`);
}
function parse(text) {
  const limits = /* @__PURE__ */ new Map();
  for (const line of text.split("\n")) {
    const match = /^(Max [a-z ]+?) {2,}(unlimited|\d+) +(unlimited|\d+)/.exec(line);
    const option = match?.[1] === void 0 ? void 0 : OPTIONS[match[1]];
    if (match?.[2] !== void 0 && match[3] !== void 0 && option !== void 0) limits.set(option, { soft: match[2], hard: match[3] });
  }
  return limits;
}
function isLower(a, b) {
  return a !== "unlimited" && (b === "unlimited" || BigInt(a) < BigInt(b));
}

// wrapper/namespace.ts
function cageCommand(entrance, tools, script, folder) {
  const namespaces = ["--net", "--pid", "--fork", "--kill-child", "--mount", "--propagation", "private", "--ipc", "--uts"];
  const init = [tools.bash, "--norc", "--noprofile", script, folder];
  const dieWithParent = [tools.setpriv, "--pdeathsig", "KILL", "--"];
  switch (entrance) {
    case "sudo":
      return [tools.sudo ?? "sudo", "-n", "--", tools.env, "-i", ...dieWithParent, tools.unshare, ...namespaces, "--", ...init];
    case "user-namespace":
      return [...dieWithParent, tools.unshare, "--user", "--map-root-user", ...namespaces, "--", ...init];
  }
}

// wrapper/pty.ts
var nodePty = __toESM(require_lib(), 1);
import { closeSync as closeSync2, constants as constants2, openSync as openSync2 } from "node:fs";
import { ReadStream } from "node:tty";
function openTerminal(columns, rows) {
  const native2 = nativePty();
  let pair;
  try {
    pair = native2.open(columns, rows);
  } catch (cause) {
    throw new WrapError("set-up", "Cannot open a terminal: the system gives none, expected /dev/ptmx to work", { cause });
  }
  const slaveFd = openSync2(pair.pty, constants2.O_RDWR | constants2.O_NOCTTY);
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
    return new Promise((resolve3) => {
      const settle = () => {
        for (const event of ["drain", "close", "error"]) sink.off(event, settle);
        resolve3();
      };
      for (const event of ["drain", "close", "error"]) sink.on(event, settle);
    });
  }
  /** Resolves when all frames have been taken; rejects when they could not be. */
  end() {
    const sink = this.#sink;
    return new Promise((resolve3, reject) => {
      sink.once("error", reject);
      sink.end((error2) => error2 ? reject(error2) : resolve3());
    });
  }
};

// wrapper/relay.ts
function relayOutput(terminal, output, recorder) {
  const stream = terminal.output;
  stream.on("data", (chunk) => {
    const recorded = recorder.output(chunk);
    const written = output.write(chunk);
    if (recorded && written) return;
    stream.pause();
    void Promise.all([recorder.drained(), output.drained()]).then(() => stream.resume());
  });
  stream.on("error", () => void 0);
  return new Promise((resolve3) => stream.once("close", () => resolve3()));
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

// wrapper/tools.ts
import { accessSync, constants as constants3, statSync as statSync2 } from "node:fs";
import { join as join2 } from "node:path";
var TOOL_FOLDERS = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];
var PACKAGES = {
  bash: "bash",
  chown: "coreutils",
  env: "coreutils",
  ip: "iproute2",
  ln: "coreutils",
  mkdir: "coreutils",
  mount: "mount",
  prlimit: "util-linux",
  setpriv: "util-linux",
  setsid: "util-linux",
  stty: "coreutils",
  true: "coreutils",
  unshare: "util-linux"
};
function findTools(folders) {
  const find = (name) => folders.map((folder) => join2(folder, name)).find(isExecutable) ?? null;
  const names = Object.keys(PACKAGES);
  const found = names.map((name) => ({ name, path: find(name) }));
  const missing = found.filter(({ path }) => path === null).map(({ name }) => `${name} (Debian package ${PACKAGES[name]})`);
  if (missing.length > 0) {
    throw new WrapError("tool-missing", `Cannot make a cage: ${missing.join(", ")} not in ${folders.join(":")}, expected installed`);
  }
  const paths = Object.fromEntries(found.map(({ name, path }) => [name, path ?? ""]));
  return { ...paths, sudo: find("sudo") };
}
function isExecutable(path) {
  try {
    accessSync(path, constants3.X_OK);
    return statSync2(path).isFile();
  } catch {
    return false;
  }
}

// wrapper/run.ts
var LINGER_MS_MAX = 1e3;
async function runWrapped(plan) {
  const lost = whenLost(plan);
  const interrupted = Promise.withResolvers();
  const signals = { handle: interrupted.resolve };
  const stopSignals = onSignals((signal) => signals.handle(signal));
  try {
    const tools = findTools(plan.cage.toolFolders);
    const entrance = await chooseEntrance(tools, ownId(process.getuid));
    const terminal = openTerminal(plan.terminal.columns, plan.terminal.rows);
    return await runOn(terminal, plan, { tools, entrance, lost, signals, interrupted: interrupted.promise }).finally(terminal.close);
  } finally {
    stopSignals();
  }
}
async function runOn(terminal, plan, { tools, entrance, lost, signals, interrupted }) {
  const files = writeCageFiles(plan, cageSettings(entrance, tools, terminal));
  const command = cageCommand(entrance, tools, files.script, plan.cage.sessionFolder);
  const cage = new Cage(command, plan.terminal.interactive ? "ignore" : plan.terminal.stdinFd, terminal.masterFd);
  const takenOver = () => {
    files.unlink();
    terminal.closeSlave();
  };
  const made = setUp(cage, plan, entrance, lost, takenOver).finally(takenOver);
  const signal = await Promise.race([made, interrupted]);
  if (signal !== void 0) return endInterrupted(cage, made, signal);
  return supervise(cage, terminal, plan, lost, signals);
}
function cageSettings(entrance, tools, terminal) {
  const [uid, gid] = [ownId(process.getuid), ownId(process.getgid)];
  return { entrance, tools, uid, gid, umask: process.umask(), limits: callerLimits(), console: terminal.path };
}
async function setUp(cage, plan, entrance, lost, takenOver) {
  try {
    const initPid = await cage.networkUp;
    takenOver();
    const entered = plan.hooks.enterCage(entrance === "sudo" ? initPid : cage.pid, entrance);
    await Promise.all([cage.ready, Promise.race([entered, lost.then(failLost)])]);
  } catch (error2) {
    cage.kill();
    await cage.ended;
    if (error2 instanceof WrapError) throw error2;
    throw new WrapError("gateway", `Cannot open the way out of the cage: ${messageOf(error2)}, expected listeners inside`, { cause: error2 });
  }
}
async function endInterrupted(cage, made, signal) {
  cage.kill();
  await Promise.allSettled([made, cage.ended]);
  return { kind: "signalled", signal };
}
async function supervise(cage, terminal, plan, lost, signals) {
  const forced = Promise.withResolvers();
  const end = () => {
    cage.kill();
    forced.resolve({ kind: "killed" });
  };
  const terminator = createTerminator({ signal: (name) => cage.signal(name), kill: end }, plan.graceMs);
  signals.handle = terminator.request;
  const flow = record(cage, terminal, plan);
  const stopKeyboard = plan.terminal.interactive ? joinKeyboard(terminal, flow.recorder) : () => void 0;
  try {
    cage.go();
    const ended = await Promise.race([cage.commandEnded, lost]);
    if (typeof ended === "string") return await endLost(cage, ended);
    await Promise.race([flow.printed, delay(LINGER_MS_MAX), lost]);
    await endCage(cage);
    const last = await Promise.race([flow.all().then(() => ended, messageOf), forced.promise, lost]);
    return typeof last === "string" ? { kind: "lost", why: last } : resultOf(last);
  } finally {
    terminator.stop();
    stopKeyboard();
  }
}
function record(cage, terminal, plan) {
  const recorder = new Recorder(plan.hooks.record, () => Number(process.hrtime.bigint() / 1000n));
  const output = new DescriptorWriter(plan.terminal.stdoutFd, () => {
    cage.signal("SIGPIPE");
    setTimeout(terminal.close, LINGER_MS_MAX).unref();
  });
  recorder.resize(plan.terminal.columns, plan.terminal.rows);
  const printed = relayOutput(terminal, output, recorder);
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
async function endCage(cage) {
  cage.release();
  await Promise.race([cage.ended, delay(LINGER_MS_MAX)]);
  cage.kill();
  await cage.ended;
}
async function endLost(cage, why) {
  cage.kill();
  await cage.ended;
  return { kind: "lost", why };
}
function whenLost(plan) {
  const { gatewayLost, record: record2 } = plan.hooks;
  return new Promise((resolve3) => {
    gatewayLost.then(
      () => resolve3("the session ended"),
      (error2) => resolve3(messageOf(error2))
    );
    record2.once("error", (error2) => resolve3(`the recording stopped: ${error2.message}`));
  });
}
function failLost(why) {
  throw new Error(why);
}
function joinKeyboard(terminal, recorder) {
  const keys = new DescriptorWriter(terminal.masterFd, () => void 0);
  const onResize = (columns, rows) => {
    terminal.resize(columns, rows);
    recorder.resize(columns, rows);
  };
  return relayKeyboard(process.stdin, process.stdout, keys, onResize);
}
function callerLimits() {
  const read = (pid) => {
    try {
      return readFileSync(`/proc/${pid}/limits`, "utf8");
    } catch {
      return null;
    }
  };
  return limitOptions(read("self") ?? "", read(String(process.ppid)));
}
function ownId(get) {
  if (get === void 0) throw new WrapError("set-up", "Cannot make a cage: this system has no user ids, expected Linux");
  return get();
}
function delay(ms) {
  return new Promise((resolve3) => void setTimeout(resolve3, ms).unref());
}
function messageOf(error2) {
  return error2 instanceof Error ? error2.message : String(error2);
}

// wrapper/session-folder.ts
import { lstatSync as lstatSync2, mkdirSync, mkdtempSync, rmSync as rmSync2 } from "node:fs";
import { join as join3 } from "node:path";
function makeSessionFolder(base, uid) {
  const parent = join3(base, `duty-gate-${uid}`);
  mkdirSync(parent, { recursive: true, mode: 448 });
  const found = lstatSync2(parent);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 63) !== 0) {
    throw new WrapError("set-up", `Cannot use ${parent}: it is not this user's own closed folder, expected one of mode 0700, or nothing`);
  }
  const path = mkdtempSync(join3(parent, "run-"));
  return { path, parent, remove: () => rmSync2(path, { recursive: true, force: true }) };
}

// wrapper/main.ts
var DEFAULT_SIZE = { columns: 120, rows: 40 };
var GRACE_MS = 1e4;
async function runCommand(args) {
  const parsed2 = parseRunOptions(args, process.cwd());
  switch (parsed2.kind) {
    case "help":
      process.stdout.write(RUN_USAGE);
      return 0;
    case "error":
      say(parsed2.message);
      return EXIT_NOT_STARTED;
    case "run":
      return runInFolder(parsed2.options);
  }
}
async function runInFolder(options) {
  let folder = null;
  try {
    folder = makeSessionFolder("/tmp", process.getuid?.() ?? 0);
    mkdirSync2(options.evidenceFolder, { recursive: true, mode: 448 });
    return await runWithGateway(options, folder);
  } catch (error2) {
    say(error2 instanceof Error ? error2.message : String(error2));
    return EXIT_NOT_STARTED;
  } finally {
    folder?.remove();
  }
}
async function runWithGateway(options, folder) {
  const { policyPath, secretsPath, evidenceFolder } = options;
  const gateway = await startGateway({ policyPath, secretsPath, evidenceFolder, socketFolder: folder.path, issuer: "local" });
  try {
    const session = await openSession({ socketPath: gateway.socketPath, duty: options.duty, argv: options.argv });
    return await runInSession(options, folder, session);
  } finally {
    await gateway.stop();
  }
}
async function runInSession(options, folder, session) {
  let result;
  try {
    result = await runWrapped(wrapPlan(options, folder, session));
  } catch (error2) {
    if (!(error2 instanceof WrapError)) throw error2;
    say(error2.message);
    await closeSession(session, { exitCode: EXIT_NOT_STARTED, signal: null });
    return EXIT_NOT_STARTED;
  }
  if (result.kind === "lost") {
    say(`the session was lost while the command ran: ${result.why}. Evidence so far: ${session.answer.evidence}`);
    return EXIT_SESSION_LOST;
  }
  const closed = await closeSession(session, closeRequest(result));
  if (closed === null) return EXIT_SESSION_LOST;
  say(`${closed.allowed} allowed, ${closed.refused} refused, ${closed.masked} masked. Evidence: ${closed.evidence}`);
  return exitCodeOf(result);
}
async function closeSession(session, request) {
  try {
    return await session.close(request);
  } catch (error2) {
    say(`the evidence was not sealed: ${error2 instanceof Error ? error2.message : String(error2)}`);
    return null;
  }
}
function closeRequest(result) {
  return result.kind === "signalled" ? { exitCode: null, signal: result.signal } : { exitCode: exitCodeOf(result), signal: null };
}
function wrapPlan(options, folder, session) {
  const { answer } = session;
  const terminal = terminalPlan();
  return {
    argv: options.argv,
    cwd: process.cwd(),
    // As the kernel gave it: Node's own view of it has lost what is no UTF-8.
    environment: commandEnvironment(splitEnvironment(readFileSync2("/proc/self/environ")), {
      output: isatty(1),
      interactive: terminal.interactive
    }),
    cage: {
      sessionFolder: folder.path,
      resolvers: answer.resolvers,
      ca: answer.ca,
      hide: [...answer.hide, folder.parent],
      toolFolders: TOOL_FOLDERS
    },
    hooks: {
      enterCage: (pid, entrance) => session.enterCage({ pid, entrance }),
      record: session.record(),
      gatewayLost: session.lost
    },
    terminal,
    graceMs: GRACE_MS
  };
}
function terminalPlan() {
  const interactive = isatty(0) && isatty(1);
  const size = isatty(1) ? { columns: process.stdout.columns, rows: process.stdout.rows } : DEFAULT_SIZE;
  const { columns, rows } = size.columns > 0 && size.rows > 0 ? size : DEFAULT_SIZE;
  return { interactive, columns, rows, stdinFd: 0, stdoutFd: 1 };
}
function say(line) {
  process.stderr.write(`duty-gate: ${line}
`);
}

// src/cli/run.ts
function runInCage(args) {
  return runCommand(args);
}
export {
  runInCage
};
