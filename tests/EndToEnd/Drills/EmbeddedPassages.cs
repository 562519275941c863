using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd.Drills;

/// <summary>
/// How many passages one version of a model has embedded, in all processes that live and lived: what they say of their batches, asked of
/// those that are killed right before.
/// </summary>
internal sealed partial class EmbeddedPassages(LocalStack stack, PipelineClient client, string model, int version)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly string _series = $$"""serving_batch_items_sum{model="{{model}}",version="{{version}}" """.TrimEnd();
    private double _before;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<double> CountAsync() => _before + await CountLivingAsync();

    /// <summary>
    /// Kills the host with what runs in it, and the workers, right after what they have begun was counted. Batches count when they begin.
    /// </summary>
    public async Task KillAllAsync()
    {
        int computing = Processes.ChildOf(stack.Functions.ProcessId);
        _before += await CountLivingAsync();
        await KillAsync(computing);
        await stack.WaitUntilReadyAsync(Cancellation);
    }

    /// <summary>The same while both stores stand still: nothing that was computed since is kept, or known to be.</summary>
    public async Task KillAllAtRestAsync()
    {
        int computing = Processes.ChildOf(stack.Functions.ProcessId);
        ChildProcess[] stores = [.. stack.Members.Where(member => member.Name is "azurite" or "s3")];
        await SignalAsync("STOP", stores);
        _before += await RestAsync();
        await KillAsync(computing);
        await SignalAsync("CONT", stores);
        await stack.WaitUntilReadyAsync(Cancellation);
    }

    private async Task KillAsync(int computing)
    {
        foreach (ChildProcess member in (ChildProcess[])[stack.Functions, .. stack.Workers])
        {
            member.Kill();
        }
        await UntilGoneAsync(computing);
    }

    /// <summary>The count once it has stayed the same for some looks.</summary>
    private async Task<double> RestAsync()
    {
        double last = -1;
        int same = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                double now = await CountLivingAsync();
                (same, last) = (now == last ? same + 1 : 0, now);
                return same == 20 ? "" : null;
            },
            "a count that rests while the stores do",
            Limit,
            Cancellation
        );
        return last;
    }

    private async Task<double> CountLivingAsync()
    {
        string[] metrics = await Task.WhenAll(
            stack
                .WorkerMetrics.Prepend(new Uri(client.Http.BaseAddress!, "metrics"))
                .Select(async address =>
                    await Eventually.HoldsAsync(() => FindAsync(address), $"metrics at {address}", Limit, Cancellation)
                )
        );
        return metrics
            .SelectMany(text => text.Split('\n'))
            .Where(line => line.StartsWith(_series, StringComparison.Ordinal))
            .Sum(line => double.Parse(Value().Match(line).ValueSpan, CultureInfo.InvariantCulture));
    }

    /// <summary>Null of a process that does not answer yet.</summary>
    private async Task<string?> FindAsync(Uri address)
    {
        try
        {
            return await client.Http.GetStringAsync(address, Cancellation);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task UntilGoneAsync(int process) =>
        await Eventually.HoldsAsync(
            () => Task.FromResult(Directory.Exists($"/proc/{process}") ? null : ""),
            "the end of the app's process, which goes with its host",
            Limit,
            Cancellation
        );

    private static async Task SignalAsync(string signal, ChildProcess[] members)
    {
        string[] arguments = [$"-{signal}", .. members.Select(member => $"{member.ProcessId}")];
        (int code, string output) = await Terminal.RunAsync("kill", arguments);
        Assert.True(code == 0, output);
    }

    /// <summary>Behind the labels, and before the time if there is one.</summary>
    [GeneratedRegex(@"(?<=\} )[0-9.eE+-]+")]
    private static partial Regex Value();
}
