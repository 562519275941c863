using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Processes;
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

    private Uri App => new(client.Http.BaseAddress!, "metrics");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<double> CountAsync() => _before + await CountLivingAsync();

    /// <summary>
    /// Kills the workers and the host with what runs in it, each right after what it has begun was counted: what begins in the moment
    /// between is not.
    /// </summary>
    public async Task KillAllAsync()
    {
        foreach ((Uri metrics, ChildProcess worker) in stack.WorkerMetrics.Zip(stack.Workers).ToList())
        {
            _before += await CountAsync(metrics);
            worker.Kill();
        }
        int computing = Processes.ChildOf(stack.Functions.ProcessId);
        _before += await CountAsync(App);
        stack.Functions.Kill();
        await UntilGoneAsync(computing);
        await stack.WaitUntilReadyAsync(Cancellation);
    }

    /// <summary>
    /// The same at once while both stores stand still and nothing more can be done, so that the count is exact. What is on its way to a
    /// store arrives there later.
    /// </summary>
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

    private async Task<double> CountLivingAsync() => (await Task.WhenAll(stack.WorkerMetrics.Prepend(App).Select(CountAsync))).Sum();

    private async Task<double> CountAsync(Uri process)
    {
        string metrics = await Eventually.HoldsAsync(() => FindAsync(process), $"metrics at {process}", Limit, Cancellation);
        return metrics
            .Split('\n')
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
