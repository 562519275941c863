using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Orchestrations.Operations;

namespace Serverless.Orchestrations.Sources;

/// <param name="Version">Of the source's document: one that is added anew is not erased.</param>
/// <param name="IsLast">Whether it looks again for what was under way at the first look.</param>
public sealed record EraseSourceInput(string Store, string Name, int Version, long Erased = 0, bool IsLast = false);

/// <summary>What the run shows of itself while it works, and ends with.</summary>
/// <param name="Stage">"erasing", "completed" or "stopped".</param>
public sealed record EraseSourceStatus(string Stage, long Erased, string? Reason = null);

/// <param name="IsMore">Whether there may be more.</param>
/// <param name="Stopped">Why there is no more to do, where the source was added anew.</param>
public sealed record ErasedPart(int Erased, bool IsMore, string? Stopped = null);

/// <summary>Erases what was made of the assets of a removed source, part by part; the objects themselves stay where they are.</summary>
[StartedBy("DELETE /api/sources/{store}/{name}")]
public static class EraseSource
{
    /// <summary>A run that was begun before the source was removed has entered the ledger by then.</summary>
    internal static readonly TimeSpan UnderWay = TimeSpan.FromMinutes(1);

    private const int PartsOfRun = 50; // its history then begins anew

    [Function(nameof(EraseSource))]
    public static async Task<EraseSourceStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, EraseSourceInput input)
    {
        long erased = input.Erased;
        bool isLast = input.IsLast;
        for (int part = 0; part < PartsOfRun; part++)
        {
            context.SetCustomStatus(new EraseSourceStatus("erasing", erased));
            ErasedPart some = await context.CallActivityAsync<ErasedPart>(nameof(EraseSourcePart), input, StepRetries.Day);
            erased += some.Erased;
            if (some.Stopped is not null)
            {
                return End(context, new EraseSourceStatus("stopped", erased, some.Stopped));
            }
            if (some.IsMore)
            {
                continue;
            }
            if (isLast)
            {
                await context.CallActivityAsync(nameof(EndSourceErasure), input, StepRetries.Day);
                return End(context, new EraseSourceStatus("completed", erased));
            }
            isLast = true;
            await context.CreateTimer(UnderWay, CancellationToken.None);
        }
        context.ContinueAsNew(input with { Erased = erased, IsLast = isLast });
        return new EraseSourceStatus("erasing", erased);
    }

    private static EraseSourceStatus End(TaskOrchestrationContext context, EraseSourceStatus status)
    {
        context.SetCustomStatus(status);
        return status;
    }
}
