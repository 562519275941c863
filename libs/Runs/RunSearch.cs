namespace Serverless.Runs;

/// <summary>Looks through all runs of a snapshot. 100,000 are seen in some milliseconds, so that no order needs a structure.</summary>
internal static class RunSearch
{
    public static FoundRuns Page(ReadOnlySpan<RunEntry> runs, RunQuery query, DateTimeOffset now)
    {
        DateTimeOffset asOf = query.After?.AsOf ?? now;
        IComparer<RunKey> order = RunKey.OrderOf(query.IsDescending);
        // The last of the page is on top, to be pushed out by one that comes before it. One more tells whether there is a next page.
        PriorityQueue<RunEntry, RunKey> page = new(Comparer<RunKey>.Create((a, b) => order.Compare(b, a)));
        int total = 0;
        foreach (RunEntry run in runs)
        {
            if (!query.Filter.Admits(run))
            {
                continue;
            }
            total++;
            RunKey key = RunKey.Of(run, query.Sort, asOf);
            if (query.After is not null && order.Compare(key, query.After.Key) <= 0)
            {
                continue;
            }
            if (page.Count <= query.Limit)
            {
                page.Enqueue(run, key);
            }
            else
            {
                page.EnqueueDequeue(run, key);
            }
        }
        return Of(page, total, query, asOf);
    }

    private static FoundRuns Of(PriorityQueue<RunEntry, RunKey> page, int total, RunQuery query, DateTimeOffset asOf)
    {
        bool isLast = page.Count <= query.Limit;
        if (!isLast)
        {
            page.Dequeue();
        }
        RunEntry[] found = new RunEntry[page.Count];
        for (int i = found.Length - 1; i >= 0; i--)
        {
            found[i] = page.Dequeue();
        }
        RunCursor? next = isLast ? null : new RunCursor(query.Sort, query.IsDescending, asOf, RunKey.Of(found[^1], query.Sort, asOf));
        return new FoundRuns(found, total, next);
    }
}
