using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Validation;

namespace Serverless.Orchestrations.Validation;

/// <summary>
/// Holds the trial and keeps what it saw. Its key is the report: a trial that was kept is not held again. A trial whose run has ended
/// meanwhile, since somebody cancelled or terminated it, is given up.
/// </summary>
public sealed class TryModel(ModelValidation validation, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    [Function(nameof(TryModel))]
    public async Task RunAsync([ActivityTrigger] ValidationFacts facts, string instanceId, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task trial = validation.TryAsync(facts, stop.Token);
        Task ended = UntilEndedAsync(client, instanceId, stop.Token);
        await Task.WhenAny(trial, ended);
        await stop.CancelAsync();
        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await trial;
    }

    private async Task UntilEndedAsync(DurableTaskClient client, string run, CancellationToken cancellationToken)
    {
        while (await client.GetInstanceAsync(run, cancellationToken) is { IsCompleted: false })
            await Task.Delay(LookEvery, time, cancellationToken);
    }
}
