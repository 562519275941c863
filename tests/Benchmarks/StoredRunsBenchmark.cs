using System.Diagnostics;
using DurableTask.Core;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Data.Sqlite;
using Serverless.Local.Stack;

namespace Serverless.Benchmarks;

/// <summary>
/// What the runs that a file of the SQLite provider holds cost those that come: the same work beside a thousand of them and beside a
/// million, which is a year of 2,700 a day. Each stored run is a copy, under another id and time, of one that ran.
/// </summary>
internal static class StoredRunsBenchmark
{
    private const int Few = 1_000;
    private const int Rounds = 5;
    private const int Runs = 100;
    private const int Purged = 500;

    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
    {
        int many = quick ? 10 * Few : 1_000 * Few;
        string folder = Directory.CreateDirectory(Path.Combine(Checkout.Root, "artifacts", "stored-runs")).FullName;
        try
        {
            Dictionary<string, double> beside = await MeasureAsync(Path.Combine(folder, "few.db"), Few, cancellationToken),
                found = await MeasureAsync(Path.Combine(folder, "many.db"), many, cancellationToken);
            foreach ((string what, double milliseconds) in found)
            {
                report.Add(
                    new Measurement(
                        $"Durable, {what}, beside {many:N0} runs, p50",
                        milliseconds,
                        "ms",
                        "lower",
                        Peer: $"beside {Few:N0}",
                        PeerValue: beside[what],
                        Ratio: milliseconds / beside[what]
                    )
                );
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Dictionary<string, double>> MeasureAsync(string file, int runs, CancellationToken cancellationToken)
    {
        DateTime first = DateTime.UtcNow - (runs * Apart) - Apart;
        await using (DurableHub hub = await DurableHub.StartSqliteAsync(file))
        {
            await hub.RunOneActivityAsync(cancellationToken);
        }
        Multiply(file, runs, first);

        Dictionary<string, Timings> times = [];
        for (int round = 0; round < Rounds; round++)
        {
            long started = Stopwatch.GetTimestamp();
            await using DurableHub hub = await DurableHub.StartSqliteAsync(file);
            await hub.RunOneActivityAsync(cancellationToken);
            Add("a start and its first run", started);
            for (int i = 0; i < Runs; i++)
            {
                started = Stopwatch.GetTimestamp();
                await hub.RunOneActivityAsync(cancellationToken);
                Add("a run of one activity", started);
            }
            foreach ((string what, OrchestrationStatusQueryCondition condition) in PagesOf(runs, first))
            {
                started = Stopwatch.GetTimestamp();
                await hub.Provider.GetOrchestrationStateWithPagination(condition, cancellationToken);
                Add($"a page: {what}", started);
            }
            started = Stopwatch.GetTimestamp();
            DateTime from = first + (round * Purged / Rounds * Apart);
            int gone = await hub.Provider.PurgeHistoryByFilters(
                from,
                from + ((Purged / Rounds * Apart) - (Apart / 2)),
                [OrchestrationStatus.Completed, OrchestrationStatus.Failed]
            );
            Add($"a purge of {Purged / Rounds}", started);
            if (gone != Purged / Rounds)
            {
                throw new StackException($"The purge removed {gone} runs instead of {Purged / Rounds}.");
            }
        }
        return times.ToDictionary(time => time.Key, time => time.Value.Median);

        void Add(string what, long started) =>
            (times.TryGetValue(what, out Timings? known) ? known : times[what] = new Timings()).Add(Stopwatch.GetElapsedTime(started));
    }

    private static IEnumerable<(string What, OrchestrationStatusQueryCondition Condition)> PagesOf(int runs, DateTime first)
    {
        DateTime middle = first + (runs / 2 * Apart);
        yield return ("50 of half of them", new() { PageSize = 50, CreatedTimeFrom = middle });
        yield return (
            "50 of an hour",
            new()
            {
                PageSize = 50,
                CreatedTimeFrom = middle,
                CreatedTimeTo = middle + TimeSpan.FromHours(1),
            }
        );
        yield return ("50 failed ones", new() { PageSize = 50, RuntimeStatus = [OrchestrationRuntimeStatus.Failed] });
        yield return ("none that was terminated", new() { PageSize = 50, RuntimeStatus = [OrchestrationRuntimeStatus.Terminated] });
        yield return ("a prefix", new() { PageSize = 50, InstanceIdPrefix = $"stored-{runs / 2}" });
    }

    /// <summary>One in a hundred has failed.</summary>
    private static void Multiply(string file, int runs, DateTime first)
    {
        using SqliteConnection connection = new($"Data Source={file};Pooling=False");
        connection.Open();
        using SqliteCommand columns = connection.CreateCommand();
        columns.CommandText = "SELECT name FROM pragma_table_info('instances') WHERE name NOT IN ('id', 'created_at', 'status')";
        List<string> same = [];
        using (SqliteDataReader reader = columns.ExecuteReader())
        {
            while (reader.Read())
            {
                same.Add(reader.GetString(0));
            }
        }
        string others = string.Join(", ", same);
        using SqliteCommand copy = connection.CreateCommand();
        copy.CommandText = $"""
            BEGIN;
            CREATE TEMP TABLE ran AS SELECT * FROM instances LIMIT 1;
            CREATE TEMP TABLE numbers AS
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $runs) SELECT i FROM n;
            INSERT INTO instances (id, created_at, status, {others})
                SELECT 'stored-' || i, $first + i * $apart, CASE WHEN i % 100 = 0 THEN $failed ELSE status END, {others}
                FROM numbers, ran;
            INSERT INTO history (hub, instance_id, position, events)
                SELECT h.hub, 'stored-' || i, h.position, h.events FROM numbers, history h JOIN ran ON h.instance_id = ran.id;
            COMMIT;
            """;
        copy.Parameters.AddWithValue("$runs", runs);
        copy.Parameters.AddWithValue("$first", first.Ticks);
        copy.Parameters.AddWithValue("$apart", Apart.Ticks);
        copy.Parameters.AddWithValue("$failed", (int)OrchestrationStatus.Failed);
        copy.CommandTimeout = 0;
        copy.ExecuteNonQuery();
    }
}
