using System.Threading.Channels;

namespace Serverless.Unit;

/// <summary>What functions saw, in order, for a test to wait on. Tests put it into the app's services.</summary>
public sealed class Recorder
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Channel<string> _seen = Channel.CreateUnbounded<string>();

    public void Add(string what) => _seen.Writer.TryWrite(what);

    public async Task<string> NextAsync() => await _seen.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    public async Task<List<string>> NextAsync(int count)
    {
        var seen = new List<string>();
        while (seen.Count < count)
        {
            seen.Add(await NextAsync());
        }
        return seen;
    }

    /// <summary>Waits until the condition holds; for states that announce nothing.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await holds())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
