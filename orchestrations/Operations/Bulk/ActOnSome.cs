using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Audit;

namespace Serverless.Orchestrations.Operations.Bulk;

/// <param name="From">How many of the selection were acted on before.</param>
public sealed record ActOnSomeInput(string Selection, int From, ActOnRunsInput Asked);

/// <summary>
/// Acts on some of a selection, each of which is logged. Its key is the place in the selection: what came of each is kept, so that done
/// again it goes on behind the last, and acts on none twice.
/// </summary>
public sealed class ActOnSome(RunSelections selections, AuditLog audit, BulkStep step)
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
        ActedRuns acted = await selections.ReadActedAsync(input.Selection, input.From, cancellationToken);
        bool wasBegun = acted.IsBegun;
        if (!wasBegun && acted.Took.Count < some.Length)
        {
            acted = acted with { IsBegun = true };
            await selections.KeepActedAsync(input.Selection, input.From, acted, cancellationToken);
        }
        while (acted.Took.Count < some.Length)
        {
            string? refusal = await ActAsync(client, some[acted.Took.Count], input.Asked, wasBegun, cancellationToken);
            wasBegun = false;
            acted = new ActedRuns([.. acted.Took, refusal is null], acted.Took.Count + 1 < some.Length, acted.Refusal ?? refusal);
            await selections.KeepActedAsync(input.Selection, input.From, acted, cancellationToken);
        }
        int done = acted.Took.Count(took => took);
        return new ActCounts(done, acted.Took.Count - done, acted.Refusal);
    }

    /// <returns>Why it was refused; null where it was done.</returns>
    private async Task<string?> ActAsync(
        DurableTaskClient client,
        string id,
        ActOnRunsInput asked,
        bool wasBegun,
        CancellationToken cancellationToken
    )
    {
        (string function, string target) = BulkStep.NameOf(asked.Act, id);
        long begun = await audit.BeginAsync(function, target, asked.By, asked.ById, asked.Reason, cancellationToken);
        string? refusal = null;
        try
        {
            await step.DoAsync(client, asked, id, wasBegun, cancellationToken);
        }
        catch (RunActException e)
        {
            refusal = e.Message;
        }
        await audit.EndAsync(begun, refusal is null ? Accepted : Refused, cancellationToken);
        return refusal;
    }
}
