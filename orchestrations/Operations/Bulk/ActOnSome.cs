using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Audit;

namespace Serverless.Orchestrations.Operations.Bulk;

/// <param name="From">How many of the selection were acted on before.</param>
public sealed record ActOnSomeInput(string Selection, int From, ActOnRunsInput Asked);

/// <summary>
/// Acts on some runs of a selection, each of which is logged. Its key is the place in the selection: done again, it meets runs that took
/// the act before, which refuse it.
/// </summary>
public sealed class ActOnSome(RunSelections selections, AuditLog audit)
{
    private const int Accepted = 202;
    private const int Refused = 409;

    [Function(nameof(ActOnSome))]
    public async Task<ActCounts> RunAsync(
        [ActivityTrigger] ActOnSomeInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        RunSelection selection = await selections.LoadAsync(input.Selection, cancellationToken);
        string[] some = [.. selection.Runs.Skip(input.From).Take(ActOnRuns.AtOnce)];
        int done = 0;
        foreach (string id in some)
        {
            done += await ActAsync(client, id, input.Asked, cancellationToken) ? 1 : 0;
        }
        return new ActCounts(done, some.Length - done);
    }

    private async Task<bool> ActAsync(DurableTaskClient client, string id, ActOnRunsInput asked, CancellationToken cancellationToken)
    {
        string target = $"/api/runs/{Uri.EscapeDataString(id)}/{asked.Act.ToString().ToLowerInvariant()}";
        long begun = await audit.BeginAsync($"{asked.Act}Run", target, asked.By, asked.ById, asked.Reason, cancellationToken);
        int status = Accepted;
        try
        {
            OrchestrationMetadata run = await client.LoadRunAsync(id, cancellationToken);
            await client.ActAsync(asked.Act, run, $"{asked.By}: {asked.Reason}", cancellationToken);
        }
        catch (RunActException)
        {
            status = Refused;
        }
        await audit.EndAsync(begun, status, cancellationToken);
        return status == Accepted;
    }
}
