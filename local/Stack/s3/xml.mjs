// The interface of version 3 of fast-xml-parser, by which s3rver calls it, over the version that is installed (package.json, overrides):
// version 3 has known faults (CVE-2023-26920) and is mended no more. To be imported before s3rver.
import { createRequire } from 'node:module';

const fastXml = createRequire(import.meta.url)('fast-xml-parser');
const { XMLBuilder, XMLParser, XMLValidator } = fastXml;

/** Text stays text, so that the keys 007 and true are no number and no truth value; s3rver decodes entities itself. */
function parse(xml, { tagValueProcessor = text => text, ignoreAttributes = true } = {}) {
  const parser = new XMLParser({
    ignoreAttributes,
    parseTagValue: false,
    processEntities: false,
    tagValueProcessor: (name, text) => tagValueProcessor(text),
  });
  return parser.parse(xml);
}

function j2xParser({ attrNodeName, tagValueProcessor = text => text, ...options } = {}) {
  const builder = new XMLBuilder({
    ...options,
    attributesGroupName: attrNodeName ?? false,
    processEntities: false,
    tagValueProcessor: (name, text) => tagValueProcessor(text),
  });
  this.parse = value => builder.build(value);
}

/** Of which s3rver reads the name of the root alone. */
function getTraversalObj(xml) {
  const nodes = new XMLParser({ preserveOrder: true, ignoreDeclaration: true, ignorePiTags: true }).parse(xml);
  return { child: { root: [nodes[0] && { tagname: Object.keys(nodes[0])[0] }] } };
}

Object.assign(fastXml, { getTraversalObj, j2xParser, parse, validate: xml => XMLValidator.validate(xml) });
