using System.Globalization;
using System.Text.Json;
using Serverless.Functions.Azure.Assets;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Steps;
using Serverless.Storage;
using Serverless.Unit.Functions.Azure.Models;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Assets;

public sealed class ErasuresFunctionTests(SharedServers servers)
{
    private static readonly DateTimeOffset Day = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_GoesThroughAllPages_AndLeavesOutWhatWasErasedBefore()
    {
        (ErasuresFunction function, ErasureRecords records) = await MakeAsync();
        ErasureRecord[] kept = [.. Enumerable.Range(0, 7).Select(i => Erasure($"letter-{i}.txt", Day.AddDays(i)))];
        foreach (ErasureRecord record in kept)
        {
            await records.KeepAsync(record, Token);
        }
        await records.CompleteAsync(new PendingErasure("s3", kept[3].Asset, kept[3].At), Day.AddDays(10), Token);

        List<string> all = await ListAsync(function, "?limit=3");
        List<string> since = await ListAsync(function, $"?limit=2&since={Day.AddDays(4):yyyy-MM-ddTHH:mm:ssZ}");

        Assert.Equal(kept.Select(record => record.Asset).Order(StringComparer.Ordinal), all);
        Assert.Equal(kept[4..].Select(record => record.Asset).Order(StringComparer.Ordinal), since);
    }

    [Fact]
    public async Task ListOfAStore_BroughtToAnother_IsKeptThereOnce()
    {
        (ErasuresFunction before, ErasureRecords records) = await MakeAsync();
        await records.KeepAsync(Erasure("carol.txt", Day) with { Exports = ["letters/1"] }, Token);
        JsonElement listed = (await ModelsApi.AnswerAsync(before.ListAsync(ModelsApi.Request(), Token))).Body;
        (ErasuresFunction after, ErasureRecords restored) = await MakeAsync();
        string body = $$"""{"items":{{listed.GetProperty("items").GetRawText()}},"reason":"restored"}""";

        (int status, JsonElement first) = await ModelsApi.AnswerAsync(after.BringBackAsync(ModelsApi.Json(body), Token));
        JsonElement second = (await ModelsApi.AnswerAsync(after.BringBackAsync(ModelsApi.Json(body), Token))).Body;

        Assert.Equal((200, 1, 0), (status, first.GetProperty("kept").GetInt32(), second.GetProperty("kept").GetInt32()));
        ErasureRecord? kept = await restored.FindAsync("s3", Erasure("carol.txt", Day).Asset, Token);
        Assert.Equal((Day, "ana", "letters/1"), (kept!.At, kept.By, Assert.Single(kept.Exports!)));
        Assert.Single(await restored.ListPendingAsync(DateTimeOffset.MaxValue, 10, Token));
    }

    [Theory]
    [InlineData("""{"items":[]}""", "items has 0 records; allowed are 1 to 1,000.")]
    [InlineData("""{"items":[{"asset":"ASSET","store":"gcs","at":"2026-03-01T12:00:00Z","by":"ana"}]}""", "items[0].store is 'gcs'")]
    [InlineData("""{"items":[{"asset":"../x","store":"s3","at":"2026-03-01T12:00:00Z","by":"ana"}]}""", "items[0].asset is '../x'")]
    [InlineData("""{"items":[{"asset":"ASSET","store":"s3","at":"2999-03-01T12:00:00Z","by":"ana"}]}""", "which is still to come")]
    [InlineData("""{"items":[{"asset":"ASSET","store":"s3","at":"2026-03-01T12:00:00Z","by":""}]}""", "items[0].by has 0 characters")]
    [InlineData("""{"items":[null]}""", "items[0]")]
    public async Task WhatNoListGave_IsRefused_AndNothingIsKept(string body, string message)
    {
        (ErasuresFunction function, ErasureRecords records) = await MakeAsync();
        string good = JsonSerializer.Serialize(Erasure("good.txt", Day), StoredJson.Options);
        body = body.Replace("ASSET", Erasure("a.txt", Day).Asset, StringComparison.Ordinal)
            .Replace("[{", $"[{good},{{", StringComparison.Ordinal)
            .Replace("[null", $"[{good},null", StringComparison.Ordinal);

        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() => function.BringBackAsync(ModelsApi.Json(body), Token));

        Assert.Equal(400, problem.Status);
        Assert.Contains(message.Replace("items[0]", "items[1]", StringComparison.Ordinal), problem.Message, StringComparison.Ordinal);
        Assert.Empty(await records.ListAsync(Token));
    }

    [Theory]
    [InlineData("?after=s3:../x")]
    [InlineData("?after=gcs:aaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("?after=x")]
    [InlineData("?limit=201")]
    [InlineData("?since=yesterday")]
    public async Task ForgedQuery_IsRefused(string query)
    {
        (ErasuresFunction function, _) = await MakeAsync();

        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() => function.ListAsync(ModelsApi.Request(query), Token));

        Assert.Equal(400, problem.Status);
    }

    private static ErasureRecord Erasure(string key, DateTimeOffset at) =>
        new(new AssetSource("s3", "b", key, "").AssetId, "s3", at, "ana");

    private static async Task<List<string>> ListAsync(ErasuresFunction function, string query)
    {
        List<string> assets = [];
        for (string? after = ""; after is not null; )
        {
            JsonElement page = (await ModelsApi.AnswerAsync(function.ListAsync(ModelsApi.Request(query + after), Token))).Body;
            assets.AddRange(page.GetProperty("items").EnumerateArray().Select(one => one.GetProperty("asset").GetString()!));
            after =
                page.TryGetProperty("next", out JsonElement next) && next.GetString() is { } token
                    ? string.Create(CultureInfo.InvariantCulture, $"&after={Uri.EscapeDataString(token)}")
                    : null;
        }
        return assets;
    }

    private async Task<(ErasuresFunction Function, ErasureRecords Records)> MakeAsync()
    {
        AssetStores stores = new([await TestBucket.OpenAsync(servers)]);
        ErasureRecords records = new(stores);
        return (new ErasuresFunction(stores, records, TimeProvider.System), records);
    }
}
