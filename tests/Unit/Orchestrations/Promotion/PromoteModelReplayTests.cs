using Serverless.Orchestrations.Promotion;
using Serverless.Unit.Orchestrations.Running;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Promotion;

/// <summary>Recorded promotions. Code that no longer replays them would break those that are at work while it is deployed.</summary>
public sealed class PromoteModelReplayTests(SharedServers servers)
{
    private const string Promoted = "promotion-promoted.jsonl",
        Refused = "promotion-refused.jsonl",
        TakenBack = "promotion-taken-back.jsonl",
        Cancelled = "promotion-cancelled.jsonl";

    /// <summary>Of the order of steps before a canary that is taken back left a report; such runs may still be at work.</summary>
    private const string RolledBack = "promotion-rolled-back.jsonl";

    private static readonly OrchestrationRegistry Code = new OrchestrationRegistry().AddOrchestrator<PromotionInput, PromotionResult>(
        nameof(PromoteModel),
        PromoteModel.RunAsync
    );

    [Theory]
    [InlineData(Promoted)]
    [InlineData(RolledBack)]
    [InlineData(Refused)]
    [InlineData(TakenBack)]
    [InlineData(Cancelled)]
    public void RecordedRun_StillReplays(string file) => RecordedHistory.Read(file).Replay(Code);

    /// <summary>Writes the recordings anew; run by hand, since what is committed must keep replaying.</summary>
    [Theory(Explicit = true)]
    [InlineData(Promoted)]
    [InlineData(Refused)]
    [InlineData(TakenBack)]
    [InlineData(Cancelled)]
    public async Task Record(string file)
    {
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        rig.CandidateFails = file == TakenBack;
        string id = await rig.BeginAsync(id: Path.GetFileNameWithoutExtension(file));
        if (file == Cancelled)
        {
            await rig.UntilAsync(id, "validation");
            await rig.CancelAsync(id);
        }
        await rig.UntilAsync(id, "approval");
        if (file == Refused)
        {
            await rig.DecideAsync(id, "li", approve: false, "not on a Friday");
        }
        await rig.PromoteAsync(id);

        new RecordedHistory(rig.Host.Read(id, instance => instance.History)!).Write(file);
    }
}
