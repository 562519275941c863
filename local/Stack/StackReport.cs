using Serverless.Ingest.Health;
using Serverless.Local.Stack.Processes;
using Serverless.Storage;

namespace Serverless.Local.Stack;

/// <summary>
/// Tells health of the members that this process supervises: at an interval, and as soon as one goes down or runs again. While the store
/// itself is the one that is down, health sees that for itself.
/// </summary>
internal sealed class StackReport : IAsyncDisposable
{
    private const string Reporter = "stack";
    private const int MaxWordsChars = 300;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(5);

    private readonly MemberReports _reports;
    private readonly Func<IEnumerable<ChildProcess>> _members;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    public StackReport(IObjectStore store, Func<IEnumerable<ChildProcess>> members, TimeProvider time)
    {
        (_reports, _members, _time) = (new MemberReports(store, time), members, time);
        _loop = ReportAsync();
    }

    /// <summary>Takes the report back: who stops a stack misses none of its members.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        await TryAsync(token => _reports.RemoveAsync(Reporter, token), CancellationToken.None);
        _stopping.Dispose();
    }

    private async Task ReportAsync()
    {
        using PeriodicTimer look = new(LookEvery, _time);
        ReportedMember[] written = [];
        long? writtenAt = null;
        try
        {
            while (await look.WaitForNextTickAsync(_stopping.Token))
            {
                ReportedMember[] members = [.. _members().Select(Describe)];
                bool isDue = writtenAt is not { } last || _time.GetElapsedTime(last) >= WriteEvery || !members.SequenceEqual(written);
                if (isDue && await TryAsync(token => _reports.WriteAsync(Reporter, WriteEvery, members, token), _stopping.Token))
                {
                    (written, writtenAt) = (members, _time.GetTimestamp());
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    internal static ReportedMember Describe(ChildProcess member)
    {
        ProcessState state = member.State;
        return state.Ends == 0
            ? new ReportedMember(member.Name, state.Since)
            : new ReportedMember(
                member.Name,
                state.Since,
                $"it ended {state.Ends} times and is started again; its last words: {LastWords.Of(member.LogFile, MaxWordsChars)}"
            );
    }

    /// <summary>False where the store did not take it, which the next look tries again.</summary>
    private async Task<bool> TryAsync(Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(WriteLimit, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await act(either.Token);
            return true;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
