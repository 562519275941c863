using System.Text.Json;
using Serverless.Functions.Azure.Exports;

namespace Serverless.Functions.Azure.Retraining;

/// <summary>A new version that is asked for, of an export that is to be made or that there is.</summary>
/// <param name="Target">The environment that the version is promoted to.</param>
/// <param name="Export">To be made; of it the labelled rows, with their vectors.</param>
/// <param name="ExportName">Of an export that there is, instead.</param>
/// <param name="Into">The model of which a version is trained; the exported one where absent.</param>
/// <param name="Seed">The same export and seed give the same version; 0 where absent.</param>
/// <param name="Plan">Members that replace those of the environment's plan, where they are stricter.</param>
internal sealed record RetrainQuery(
    string Target,
    ExportQuery? Export = null,
    string? ExportName = null,
    string? ExportVersion = null,
    string? Into = null,
    int Seed = 0,
    JsonElement? Plan = null
);

/// <param name="Run">Where its status is.</param>
internal sealed record RetrainAnswer(string Id, string Run, string Into, string Target);
