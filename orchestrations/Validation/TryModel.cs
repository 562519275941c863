using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Runs;
using Serverless.Validation;

namespace Serverless.Orchestrations.Validation;

/// <summary>
/// Holds the trial and keeps what it saw. Its key is the report: a trial that was kept is not held again. A trial whose run has ended
/// meanwhile or is gone, since somebody cancelled, terminated or purged it, is given up; one whose run cannot be looked at goes on. It is
/// listed beside the runs.
/// </summary>
public sealed class TryModel(ModelValidation validation, WorkRecorder work, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    [Function(nameof(TryModel))]
    public async Task RunAsync(
        [ActivityTrigger] ValidationFacts facts,
        string instanceId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task trial = TryAsync(facts, instanceId, stop.Token);
        Task ended = UntilEndedAsync(client, instanceId, stop.Token);
        await Task.WhenAny(trial, ended);
        await stop.CancelAsync();
        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Nobody waits for the answer any more, and a failure would only be tried again.
        await trial.ConfigureAwait(ended.IsCompletedSuccessfully ? ConfigureAwaitOptions.SuppressThrowing : ConfigureAwaitOptions.None);
    }

    private Task<bool> TryAsync(ValidationFacts facts, string run, CancellationToken cancellationToken) =>
        work.RecordAsync(
            new RecordedWork(RunKind.Trial, "Trial", run, $"{facts.Model}/{facts.Version}", Attempt: 1, run, RunTag.Model),
            async () =>
            {
                await validation.TryAsync(facts, cancellationToken);
                return true;
            },
            _ => "tried",
            _ => null
        );

    private async Task UntilEndedAsync(DurableTaskClient client, string run, CancellationToken cancellationToken)
    {
        while (!await HasEndedAsync(client, run, cancellationToken))
        {
            await Task.Delay(LookEvery, time, cancellationToken);
        }
    }

    /// <summary>A look that fails says nothing of the run: the next one may succeed, and the trial has a limit of its own.</summary>
    private static async Task<bool> HasEndedAsync(DurableTaskClient client, string run, CancellationToken cancellationToken)
    {
        try
        {
            OrchestrationMetadata? seen = await client.GetInstanceAsync(run, getInputsAndOutputs: true, cancellationToken);
            return seen is not { IsCompleted: false } || StageOf(seen) == ValidationStatus.Cancelled;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>A run completes only after its trial, so that its status alone says that it was cancelled.</summary>
    private static string? StageOf(OrchestrationMetadata run) =>
        run.SerializedCustomStatus is null ? null : run.ReadCustomStatusAs<ValidationStatus>()?.Stage;
}
