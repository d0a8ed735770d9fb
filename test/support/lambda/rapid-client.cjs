// Stands in for the part of aws-lambda-ric that is compiled from C++: it asks the Runtime API for events and sends answers.
const Module = require("node:module");
const http = require("node:http");

const [host, port] = (process.env.AWS_LAMBDA_RUNTIME_API ?? "").split(":");
const agent = new http.Agent({ keepAlive: true });

function ask(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const options = { host, port, agent, method, path: `/2018-06-01/runtime/invocation/${path}`, headers };
    const request = http.request(options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ bodyJson: text, headers: response.headers }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** Like the compiled one these don't wait for the answer. */
const tell = (path, body, headers) => void ask("POST", path, body, headers).catch(() => process.exit(1));

const client = {
  initializeClient: () => undefined,
  next: () => ask("GET", "next"),
  done: (id, body) => tell(`${id}/response`, body),
  error: (id, body) =>
    tell(`${id}/error`, body, { "lambda-runtime-function-error-type": JSON.parse(body).errorType }),
};

const load = Module._load;
Module._load = function (request, ...others) {
  return request === "./rapid-client.node" ? client : load.call(this, request, ...others);
};
