import { defineActivityType } from '../activity-type.ts';

export default defineActivityType({
  type: 'mcp.call',
  title: 'MCP server used',
  description: 'A server of the Model Context Protocol was started or one of its tools called.',
  ocsf: { classUid: 6003, activityId: 99 },
  target: ['gen_ai.tool.name', 'sentinel.mcp.server', 'server.address', 'mcp.method.name'],
  required: ['mcp.method.name'],
  optional: [
    'gen_ai.tool.name',
    'sentinel.mcp.server',
    'server.address',
    'server.port',
    'network.transport',
    'error.type',
  ],
  lane: 'ai',
});
