using Microsoft.DurableTask.Client;

namespace Serverless.Functions.Azure.Runs;

/// <summary>
/// Lists runs, the newest first, whatever order the storage provider has (Azure Storage: by id). It reads windows of creation time back
/// from where the page begins, each wider than the one before, until there are runs enough; a window that holds too many is read again
/// narrower.
/// </summary>
internal sealed class NewestRuns(DurableTaskClient client, TimeProvider time)
{
    /// <summary>The most runs that one page costs to read.</summary>
    public const int MaxRead = 5_000;

    /// <summary>The most seconds that one page takes: a store filters by creation time by looking at every run it has.</summary>
    public const int MaxSeconds = 10;

    // A window is sorted in memory. It may hold more than a page, so that few are read twice.
    private const int MaxInWindow = 1_000;
    private const int ReadAtOnce = 250;
    private const double Widening = 24;
    private const double Narrowing = 16;
    private const double WideningOnceNarrowed = 2;

    // Before any run of any app.
    private static readonly DateTimeOffset Earliest = new(2017, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan FirstWindow = TimeSpan.FromHours(1);
    private static readonly TimeSpan WidestWindow = TimeSpan.FromDays(365);
    private static readonly TimeSpan NarrowestWindow = TimeSpan.FromMilliseconds(1);

    private static readonly string Bound = $"A page reads at most {MaxRead} runs in {MaxSeconds} seconds";

    private readonly long _started = time.GetTimestamp();
    private int _read;

    private enum WindowEnd
    {
        Whole,
        TooMany,
        OutOfBounds,
    }

    /// <summary>One page behind a position, or the first. Each instance serves one page, since it counts what it reads.</summary>
    public async Task<RunPage> ReadPageAsync(CreationFilter filter, int limit, RunPosition? after, CancellationToken cancellationToken)
    {
        List<OrchestrationMetadata> found = [];
        RunPosition? read = after;
        TimeSpan width = FirstWindow;
        double widening = Widening;
        while (true)
        {
            DateTimeOffset? from = BeginningOf(read?.Created ?? time.GetUtcNow(), width);
            List<OrchestrationMetadata> window = [];
            WindowEnd end = await ReadWindowAsync(window, filter, from, read, cancellationToken);
            if (end == WindowEnd.TooMany && width > NarrowestWindow)
            {
                width = (from is null ? WidestWindow : width) / Narrowing;
                widening = WideningOnceNarrowed;
                continue;
            }
            if (end != WindowEnd.Whole)
            {
                return read == after
                    ? AnySome(window, limit)
                    : new RunPage(found, read, $"{Bound}; this one ended early, and 'next' goes on.");
            }
            found.AddRange(InOrder(window));
            if (found.Count > limit || from is null)
            {
                return PageOf(found, limit);
            }
            read = new RunPosition(from.Value, Id: null);
            width *= widening;
        }
    }

    /// <summary>Null for all there is.</summary>
    private static DateTimeOffset? BeginningOf(DateTimeOffset end, TimeSpan width) =>
        width > WidestWindow || end - Earliest < width ? null : end - width;

    private async Task<WindowEnd> ReadWindowAsync(
        List<OrchestrationMetadata> window,
        CreationFilter filter,
        DateTimeOffset? from,
        RunPosition? after,
        CancellationToken cancellationToken
    )
    {
        OrchestrationQuery query = new()
        {
            CreatedFrom = from,
            CreatedTo = after?.Created,
            Statuses = filter.Status is { } only ? [only] : null,
            InstanceIdPrefix = filter.IdPrefix,
            PageSize = ReadAtOnce,
        };
        int read = 0;
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages().WithCancellation(cancellationToken))
        {
            read += page.Values.Count;
            _read += page.Values.Count;
            // Providers take both bounds as inclusive; a window begins at its earlier end and stops before its later one.
            window.AddRange(
                page.Values.Where(run =>
                    (from is null || run.CreatedAt >= from) && after?.IsBefore(run) != false && filter.Admits?.Invoke(run) != false
                )
            );
            if (page.ContinuationToken is null)
            {
                break;
            }
            if (_read >= MaxRead || time.GetElapsedTime(_started).TotalSeconds >= MaxSeconds)
            {
                return WindowEnd.OutOfBounds;
            }
            if (read >= MaxInWindow)
            {
                return WindowEnd.TooMany;
            }
        }
        return WindowEnd.Whole;
    }

    /// <summary>Where no window could be read whole, some runs are better than none.</summary>
    private static RunPage AnySome(List<OrchestrationMetadata> window, int limit) =>
        new(
            [.. InOrder(window).Take(limit)],
            Next: null,
            $"{Bound}, and there are more: newer runs than these may be missing. A prefix of the id narrows the list."
        );

    private static RunPage PageOf(List<OrchestrationMetadata> found, int limit) =>
        found.Count > limit ? new RunPage(found[..limit], RunPosition.Of(found[limit - 1])) : new RunPage(found, Next: null);

    private static IEnumerable<OrchestrationMetadata> InOrder(IEnumerable<OrchestrationMetadata> runs) =>
        runs.OrderByDescending(run => run.CreatedAt).ThenBy(run => run.InstanceId, StringComparer.Ordinal);
}
