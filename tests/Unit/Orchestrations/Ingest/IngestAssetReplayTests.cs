using Serverless.Embedded.Runtime.Durable;
using Serverless.Orchestrations.Ingest;
using Serverless.Unit.Embedded.Runtime.Durable;
using Xunit;

namespace Serverless.Unit.Orchestrations.Ingest;

/// <summary>Runs of the embedded edition on real uploads. Code that no longer replays them would break what runs while it is deployed.</summary>
public sealed class IngestAssetReplayTests
{
    private static readonly OrchestratorFunction Code = async context => await IngestAsset.RunAsync(context, context.GetInput<IngestInput>()!);

    [Theory]
    [InlineData("ingest-short-text.jsonl")]
    [InlineData("ingest-long-text.jsonl")]
    [InlineData("ingest-refused.jsonl")]
    public void RecordedRun_StillReplays(string file) =>
        RecordedHistory.Read(Path.Combine(RecordedOrchestrators.DataFolder, "histories", file)).Replay(Code);
}
