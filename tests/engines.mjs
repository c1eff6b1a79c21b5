// Checks objects against the published types of Argo CD and Flux, for the tests.
//
// stdin is a JSON list of objects; stdout is a JSON list of sentences, one for each problem. The types come as functions that
// look at every field they know. What they never looked at is a field that does not exist.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const modules = process.argv[2];
const argo = "argo-cd/_schemas/ComGithubArgoprojArgoCdV3PkgApisApplicationV1alpha1";
const flux = "flux-cd/_schemas/ComGithubFluxcd";
const types = {
  "argoproj.io/v1alpha1 Application": `${argo}Application.js`,
  "argoproj.io/v1alpha1 ApplicationSet": `${argo}ApplicationSet.js`,
  "source.toolkit.fluxcd.io/v1 OCIRepository": `${flux}SourceControllerApiV1OCIRepository.js`,
  "helm.toolkit.fluxcd.io/v2 HelmRelease": `${flux}HelmControllerApiV2HelmRelease.js`,
};
// Elements of a list may hold anything.
const anything = /\/list\/elements\/\d+$/;

const validators = {};
for (const [type, file] of Object.entries(types)) {
  const url = pathToFileURL(`${modules}/@kubernetes-models/${file}`);
  validators[type] = (await import(url)).validate;
}

// Sees which fields are looked at.
function watched(value, seen) {
  if (value === null || typeof value !== "object") return value;
  return new Proxy(value, {
    get(target, key) {
      if (!Object.hasOwn(target, key)) return target[key];
      seen[key] ??= {};
      return watched(target[key], seen[key]);
    },
  });
}

function unseen(value, seen, path, problems) {
  if (value === null || typeof value !== "object" || anything.test(path)) return;
  for (const key of Object.keys(value)) {
    if (seen[key]) unseen(value[key], seen[key], `${path}/${key}`, problems);
    else problems.push(`${path}/${key} does not exist`);
  }
}

const problems = [];
for (const object of JSON.parse(readFileSync(0, "utf8"))) {
  const name = `${object.apiVersion} ${object.kind}`;
  const validate = validators[name];
  if (!validate) {
    problems.push(`there is no type ${name}`);
    continue;
  }
  const seen = {};
  const found = [];
  if (!validate(watched(object, seen))) {
    found.push(...validate.errors.map((error) => `${error.instancePath} ${error.keyword} ${JSON.stringify(error.params)}`));
  }
  unseen(object, seen, "", found);
  problems.push(...found.map((problem) => `${name} ${object.metadata?.name}: ${problem}`));
}
console.log(JSON.stringify(problems));
