using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Xunit;

namespace Serverless.Unit.Ingest.Ledgers;

public sealed class IngestThroughputTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Assets_AreCountedWhereTheyArrivedAndWhereTheyEnded()
    {
        LedgerRow[] rows =
        [
            Row("a", MediaKind.Text, arrived: 1, ended: 12),
            Row("b", MediaKind.Text, arrived: 2, ended: 6),
            Row("c", MediaKind.Video, arrived: 3, ended: 14, fault: "It is damaged."),
            Row("d", MediaKind.Image, arrived: 15, ended: null),
        ];

        IngestThroughput counted = Count(rows);

        Assert.Equal(
            [(3, 1, 0, 240.0), (1, 1, 1, 660.0)],
            counted.Buckets.Select(b => (b.Count.Arrived, b.Count.Processed, b.Count.Quarantined, b.Count.MedianSeconds!.Value))
        );
        Assert.Equal([Start, Start.AddMinutes(10)], counted.Buckets.Select(b => b.At));
        Assert.Equal(
            [(MediaKind.Text, 2, 2, 0), (MediaKind.Image, 1, 0, 0), (MediaKind.Video, 1, 0, 1)],
            counted.Lanes.Select(l => (l.Kind!.Value, l.Count.Arrived, l.Count.Processed, l.Count.Quarantined))
        );
        Assert.Equal((450.0, 639.0), (counted.Lanes[0].Count.MedianSeconds, counted.Lanes[0].Count.P95Seconds));
    }

    [Fact]
    public void WhatArrivedBefore_CountsOnlyWhereItEnded()
    {
        IngestThroughput counted = Count([
            Row("a", MediaKind.Text, arrived: -60, ended: 5),
            Row("b", MediaKind.Text, arrived: -60, ended: -50),
        ]);

        Assert.Equal((0, 1), (counted.Buckets.Sum(b => b.Count.Arrived), counted.Buckets.Sum(b => b.Count.Processed)));
        Assert.Single(counted.Lanes);
    }

    [Fact]
    public void NothingWasThere_NothingIsSaidOfWaiting()
    {
        IngestThroughput counted = Count([]);

        Assert.Equal([null, null], counted.Buckets.Select(b => b.Count.MedianSeconds));
        Assert.Empty(counted.Lanes);
    }

    private static IngestThroughput Count(LedgerRow[] rows) =>
        IngestThroughput.Count(rows.OrderByDescending(row => row.Entry.Changed), Start, Start.AddMinutes(20), buckets: 2);

    /// <summary>In minutes from the start.</summary>
    private static LedgerRow Row(string asset, MediaKind kind, int arrived, int? ended, string? fault = null)
    {
        AssetSource source = new("azure", "media", asset, "1");
        LedgerEntry entry = LedgerEntry.New(source, Start.AddMinutes(arrived)).Begin(1, kind, "text/plain", 5, Start.AddMinutes(arrived));
        if (ended is { } minutes)
        {
            entry = fault is null
                ? entry.Complete(1, Start.AddMinutes(minutes))
                : entry.Quarantine(new Failure(FailureKind.Malformed, fault, false), 1, Start.AddMinutes(minutes));
        }
        return new LedgerRow(asset, "azure", "media", asset, entry, "etag");
    }
}
