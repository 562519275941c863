using Serverless.Orchestrations.Ingest;
using Serverless.Unit.Orchestrations.Running;
using Xunit;

namespace Serverless.Unit.Orchestrations.Ingest;

/// <summary>Runs on real uploads. Code that no longer replays them would break what runs while it is deployed.</summary>
public sealed class IngestAssetReplayTests
{
    private static readonly OrchestrationRegistry Code = new OrchestrationRegistry().AddOrchestrator<IngestInput, IngestResult>(
        nameof(IngestAsset),
        IngestAsset.RunAsync
    );

    [Theory]
    [InlineData("ingest-short-text.jsonl")]
    [InlineData("ingest-long-text.jsonl")]
    [InlineData("ingest-refused.jsonl")]
    public void RecordedRun_StillReplays(string file) => RecordedHistory.Read(file).Replay(Code);
}
