using System.Reflection;
using Serverless.Functions.Azure.Assets;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Assets;

public sealed class AssetFilterTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly AssetFilter All = new(null, null, null, null);

    [Fact]
    public void PageOf_PageByPage_ShowsEachRowOnce()
    {
        LedgerRow[] rows =
        [
            .. Enumerable.Range(0, 10).Select(i => RowOf($"a{i}", minutes: 10 - i / 2)).OrderByDescending(row => row.Entry.Changed),
        ];
        List<string> seen = [];
        string? next = null;

        do
        {
            ListAnswer<AssetAnswer> page = All.PageOf(Sorted(rows), next, 3);
            seen.AddRange(page.Items.Select(item => item.Asset));
            next = page.Next;
        } while (next is not null);

        Assert.Equal(Sorted(rows).Select(row => row.Asset), seen);
    }

    [Fact]
    public void PageOf_AfterARowThatMoved_GoesOnBehindItsOldPlace()
    {
        LedgerRow[] rows = [RowOf("a", 3), RowOf("b", 2), RowOf("c", 1)];
        string? next = All.PageOf(rows, null, 2).Next;

        ListAnswer<AssetAnswer> page = All.PageOf([RowOf("b", 9), RowOf("a", 3), RowOf("c", 1)], next, 2);

        Assert.Equal(["c"], page.Items.Select(item => item.Asset));
    }

    [Fact]
    public void EveryKindOfFailure_CanBeAskedFor()
    {
        string[] kinds =
        [
            .. typeof(FailureKind)
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(field => field.IsLiteral)
                .Select(field => (string)field.GetRawConstantValue()!),
        ];

        Assert.NotEmpty(kinds);
        Assert.Equal(kinds.Order(StringComparer.Ordinal), FailureKind.All.Order(StringComparer.Ordinal));
        string page = SourceTree.Read("functions/Azure/Console/Page/ingest.js");
        Assert.All(kinds, kind => Assert.Contains($"\"{kind}\"", page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("azure", null, null, 1)]
    [InlineData("s3", null, null, 0)]
    [InlineData(null, AssetState.Quarantined, null, 0)]
    [InlineData(null, AssetState.Processing, MediaKind.Text, 1)]
    [InlineData(null, null, MediaKind.Video, 0)]
    public void Admits_OnlyWhatWasAskedFor(string? store, AssetState? state, MediaKind? kind, int expected) =>
        Assert.Equal(expected, new AssetFilter(store, state, kind, null).PageOf([RowOf("a", 1)], null, 10).Items.Count);

    [Fact]
    public void Admits_WhatWasDeleted_OnlyWhereItIsAskedFor()
    {
        LedgerRow row = RowOf("a", 1);
        LedgerRow gone = row with { Entry = row.Entry.Vanish(Start) };

        Assert.Empty(All.PageOf([gone], null, 10).Items);
        Assert.Single(new AssetFilter(null, AssetState.Gone, null, null).PageOf([gone], null, 10).Items);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("zz-a")]
    public void Rejects_ATokenOfItsCallersOwn(string token) =>
        Assert.Equal(400, Assert.Throws<RequestProblem>(() => All.PageOf([], token, 10)).Status);

    private static IEnumerable<LedgerRow> Sorted(IEnumerable<LedgerRow> rows) =>
        rows.OrderByDescending(row => row.Entry.Changed).ThenBy(row => row.Asset, StringComparer.Ordinal);

    private static LedgerRow RowOf(string asset, int minutes)
    {
        AssetSource source = new("azure", "media", asset, "1");
        LedgerEntry entry = LedgerEntry.New(source, Start).Begin(1, MediaKind.Text, "text/plain", 5, Start.AddMinutes(minutes));
        return new LedgerRow(asset, "azure", "media", asset, entry, "etag");
    }
}
