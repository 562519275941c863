using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Serverless.Functions.Azure.Http;
using Serverless.Registry;
using Serverless.Unit.Registry;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Models;

public sealed class ModelFunctionsTests(SharedServers servers)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<(RegistryRig Rig, ModelsApi Api)> OpenAsync()
    {
        RegistryRig rig = await RegistryRig.OpenAsync(servers, time: _time);
        await rig.RegisterAsync("labels");
        await rig.RegisterAsync("entities");
        return (rig, new ModelsApi(rig));
    }

    private static Task<(int Status, JsonElement Body)> MoveAsync(
        RegistryRig rig,
        ModelsApi api,
        string environment,
        int? version,
        string? ifMatch = null
    ) =>
        ModelsApi.AnswerAsync(
            api.Aliases.MoveAsync(
                ModelsApi.Json(JsonSerializer.Serialize(new { version, why = "wish" }), ifMatch),
                rig.Name,
                environment,
                Token
            )
        );

    [Fact]
    public async Task AnAlias_IsMovedByItsTag()
    {
        (RegistryRig rig, ModelsApi api) = await OpenAsync();
        await using RegistryRig owned = rig;
        string tag = (await MoveAsync(rig, api, "dev", 1)).Body.GetProperty("tag").GetString()!;

        Assert.Equal(428, (await Assert.ThrowsAsync<RequestProblem>(() => MoveAsync(rig, api, "dev", 2))).Status);
        Assert.Equal(
            RegistryFault.Conflict,
            (await Assert.ThrowsAsync<RegistryException>(() => MoveAsync(rig, api, "dev", 2, "\"stale\""))).Fault
        );
        var moved = await MoveAsync(rig, api, "dev", 2, $"\"{tag}\"");

        Assert.Equal((200, 2), (moved.Status, moved.Body.GetProperty("version").GetInt32()));
        Assert.Equal(204, (await MoveAsync(rig, api, "dev", null, moved.Body.GetProperty("tag").GetString())).Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task AVersion_WhoseManifestIsTorn_HidesNoOther(int torn)
    {
        (RegistryRig rig, ModelsApi api) = await OpenAsync();
        await using RegistryRig owned = rig;
        await MoveAsync(rig, api, "dev", 1);
        await rig.OverwriteAsync($"registry/models/{rig.Name}/{torn}/manifest.json", "{");

        JsonElement listed = (
            await ModelsApi.AnswerAsync(api.Models.ListAsync(ModelsApi.Request($"?limit=1&after={rig.Name[..^1]}"), Token))
        ).Body.GetProperty("items")[0];
        JsonElement shown = (await ModelsApi.AnswerAsync(api.Models.ShowAsync(ModelsApi.Request(), rig.Name, Token))).Body;
        JsonElement versions = (await ModelsApi.AnswerAsync(api.Versions.ListAsync(ModelsApi.Request(), rig.Name, Token))).Body;

        Assert.Equal(
            (rig.Name, 1, 3 - torn),
            (listed.GetProperty("name").GetString(), listed.GetProperty("versions").GetInt32(), listed.GetProperty("latest").GetInt32())
        );
        Assert.Equal(3 - torn, shown.GetProperty("versions")[0].GetProperty("version").GetInt32());
        Assert.Equal(3 - torn, versions.GetProperty("items")[0].GetProperty("version").GetInt32());
        Assert.All([listed, shown, versions], answer =>
            Assert.Contains(
                $"manifest.json of model {rig.Name}/{torn}",
                answer.GetProperty("faults")[0].GetString()!,
                StringComparison.Ordinal
            )
        );
        Assert.Equal(1, listed.GetProperty("serving").GetProperty("dev").GetInt32());
    }

    [Fact]
    public async Task AModel_OfWhichNothingCanBeRead_IsListedAllTheSame()
    {
        (RegistryRig rig, ModelsApi api) = await OpenAsync();
        await using RegistryRig owned = rig;
        await rig.OverwriteAsync($"registry/versions/{rig.Name}.json", "[");

        JsonElement listed = (
            await ModelsApi.AnswerAsync(api.Models.ListAsync(ModelsApi.Request($"?limit=1&after={rig.Name[..^1]}"), Token))
        ).Body.GetProperty("items")[0];

        Assert.Equal((rig.Name, 0), (listed.GetProperty("name").GetString(), listed.GetProperty("versions").GetInt32()));
        Assert.False(listed.TryGetProperty("latest", out _));
        Assert.Contains($"{rig.Name}.json", listed.GetProperty("faults")[0].GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAlias_IsMovedByAStar_WhereThereIsOne()
    {
        (RegistryRig rig, ModelsApi api) = await OpenAsync();
        await using RegistryRig owned = rig;

        RegistryException nothing = await Assert.ThrowsAsync<RegistryException>(() => MoveAsync(rig, api, "dev", 1, "*"));
        await MoveAsync(rig, api, "dev", 1);
        var moved = await MoveAsync(rig, api, "dev", 2, "*");

        Assert.Equal(RegistryFault.Conflict, nothing.Fault);
        Assert.Contains("expected was any version, found was nothing", nothing.Message, StringComparison.Ordinal);
        Assert.Equal((200, 2), (moved.Status, moved.Body.GetProperty("version").GetInt32()));
    }

    [Fact]
    public async Task ABodyThatSaysWhoAsks_IsToldOfTheHeader()
    {
        (RegistryRig rig, ModelsApi api) = await OpenAsync();
        await using RegistryRig owned = rig;

        RequestProblem refused = await Assert.ThrowsAsync<RequestProblem>(() =>
            api.Aliases.MoveAsync(ModelsApi.Json("""{"version":1,"by":"ada"}"""), rig.Name, "dev", Token)
        );

        Assert.StartsWith("'by' is not taken in the body; who asks is named in the header X-Requested-By", refused.Message);
    }

    [Fact]
    public async Task OutsideDev_AnAliasIsLeftToPromotions_AlsoTheFirst()
    {
        (RegistryRig rig, ModelsApi api) = await OpenAsync();
        await using RegistryRig owned = rig;

        RequestProblem first = await Assert.ThrowsAsync<RequestProblem>(() => MoveAsync(rig, api, "prod", 1));
        await ModelsApi.AnswerAsync(api.FirstAliases.MoveAsync(ModelsApi.Json("""{"version":1}"""), rig.Name, "prod", Token));
        RequestProblem next = await Assert.ThrowsAsync<RequestProblem>(() =>
            api.FirstAliases.MoveAsync(ModelsApi.Json("""{"version":2}"""), rig.Name, "prod", Token)
        );

        Assert.Equal((409, 409), (first.Status, next.Status));
        Assert.StartsWith("Nothing serves in prod", first.Message, StringComparison.Ordinal);
        Assert.Contains("/api/promotions", next.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_TellsWhatServedWhen_AndRestoreGoesBackToIt()
    {
        (RegistryRig rig, ModelsApi api) = await OpenAsync();
        await using RegistryRig owned = rig;
        DateTimeOffset start = _time.GetUtcNow();
        string tag = (await MoveAsync(rig, api, "dev", 1)).Body.GetProperty("tag").GetString()!;
        _time.Advance(TimeSpan.FromHours(1));
        await MoveAsync(rig, api, "dev", 2, tag);
        Task<(int Status, JsonElement Body)> AskAsync(string query) =>
            ModelsApi.AnswerAsync(api.History.ShowAsync(ModelsApi.Request("?environment=dev" + query), rig.Name, Token));
        string then = Uri.EscapeDataString($"{start.AddMinutes(30):O}");

        var served = await AskAsync($"&at={then}");
        Assert.Equal(
            (1, "ada", "wish"),
            (
                served.Body.GetProperty("version").GetInt32(),
                served.Body.GetProperty("record").GetProperty("by").GetString(),
                served.Body.GetProperty("record").GetProperty("why").GetString()
            )
        );
        Assert.Equal(404, (await Assert.ThrowsAsync<RequestProblem>(() => AskAsync("&at=2020-01-01"))).Status);
        _time.Advance(TimeSpan.FromHours(1));
        var restored = await ModelsApi.AnswerAsync(
            api.History.RestoreAsync(
                ModelsApi.Json($$"""{"environment":"dev","at":"{{start.AddMinutes(30):O}}"}""", by: "bob"),
                rig.Name,
                Token
            )
        );
        Assert.Equal((1, "bob"), (restored.Body.GetProperty("version").GetInt32(), restored.Body.GetProperty("by").GetString()));

        var newest = await AskAsync("&limit=2");
        Assert.Equal(
            ["restored", "moved"],
            newest.Body.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("event").GetString())
        );
        var rest = await AskAsync($"&after={newest.Body.GetProperty("next").GetString()}");
        Assert.Equal(1, rest.Body.GetProperty("items").GetArrayLength());
        var verdict = await ModelsApi.AnswerAsync(api.History.VerifyAsync(ModelsApi.Request("?environment=dev"), rig.Name, Token));
        Assert.True(verdict.Body.GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task Compare_ShowsWhatDiffers()
    {
        (RegistryRig rig, ModelsApi api) = await OpenAsync();
        await using RegistryRig owned = rig;
        await rig.Get<ModelReports>().WriteLatencyAsync(new(rig.Name, 2), new(5, 6, 7, "here", _time.GetUtcNow()), Token);

        var answer = await ModelsApi.AnswerAsync(api.Versions.CompareAsync(ModelsApi.Request("?a=1&b=2"), rig.Name, Token));

        string[] differences =
        [
            .. answer.Body.GetProperty("signature").GetProperty("differences").EnumerateArray().Select(d => d.GetString()!),
        ];
        Assert.Contains("task: ImageClassification and TokenClassification", differences);
        Assert.Contains("input pixel_values: FP32[-1,3,12,12] and none", differences);
        Assert.Equal(6, answer.Body.GetProperty("latency")[1].GetProperty("b").GetDouble());
        Assert.NotEqual(0, answer.Body.GetProperty("bytes").GetProperty("difference").GetDouble());
        Assert.Contains(
            "preprocessor_config.json",
            answer.Body.GetProperty("files").GetProperty("onlyA").EnumerateArray().Select(f => f.GetString())
        );
    }

    [Fact]
    public async Task Models_AndVersions_AreListedWithWhatServes()
    {
        (RegistryRig rig, ModelsApi api) = await OpenAsync();
        await using RegistryRig owned = rig;
        await MoveAsync(rig, api, "dev", 2);
        string before = rig.Name[..^1];

        JsonElement model = (
            await ModelsApi.AnswerAsync(api.Models.ListAsync(ModelsApi.Request($"?limit=1&after={before}"), Token))
        ).Body.GetProperty("items")[0];
        JsonElement shown = (await ModelsApi.AnswerAsync(api.Models.ShowAsync(ModelsApi.Request(), rig.Name, Token))).Body;
        JsonElement version = (await ModelsApi.AnswerAsync(api.Versions.ShowAsync(ModelsApi.Request(), rig.Name, "2", Token))).Body;

        Assert.Equal(
            (rig.Name, 2, 2),
            (
                model.GetProperty("name").GetString(),
                model.GetProperty("versions").GetInt32(),
                model.GetProperty("serving").GetProperty("dev").GetInt32()
            )
        );
        Assert.Equal((2, 1), (shown.GetProperty("versions").GetArrayLength(), shown.GetProperty("aliases").GetArrayLength()));
        Assert.Equal("dev", version.GetProperty("serves")[0].GetString());
        Assert.Equal(
            404,
            (await Assert.ThrowsAsync<RequestProblem>(() => api.Versions.ShowAsync(ModelsApi.Request(), rig.Name, "3", Token))).Status
        );
        Assert.Equal(
            400,
            (await Assert.ThrowsAsync<RequestProblem>(() => api.Versions.ShowAsync(ModelsApi.Request(), rig.Name, "one", Token))).Status
        );
    }

    [Fact]
    public async Task Reports_AreListedAndShown()
    {
        (RegistryRig rig, ModelsApi api) = await OpenAsync();
        await using RegistryRig owned = rig;
        await rig.Get<ModelReports>().WriteLatencyAsync(new(rig.Name, 2), new(5, 6, 7, "here", _time.GetUtcNow()), Token);

        var list = await ModelsApi.AnswerAsync(api.Reports.ListAsync(ModelsApi.Request(), rig.Name, "2", Token));
        var report = await ModelsApi.AnswerAsync(api.Reports.ShowAsync(ModelsApi.Request(), rig.Name, "2", "latency.json", Token));

        Assert.Equal("latency.json", list.Body.GetProperty("items")[0].GetProperty("name").GetString());
        Assert.Equal("here", report.Body.GetProperty("host").GetString());
        Assert.Equal(
            404,
            (
                await Assert.ThrowsAsync<RequestProblem>(() => api.Reports.ShowAsync(ModelsApi.Request(), rig.Name, "2", "other", Token))
            ).Status
        );
    }

    [Fact]
    public async Task Delete_OfWhatNothingNeeds_IsDone()
    {
        (RegistryRig rig, ModelsApi api) = await OpenAsync();
        await using RegistryRig owned = rig;

        var answer = await ModelsApi.AnswerAsync(api.Versions.DeleteAsync(ModelsApi.Request(), rig.Name, "1", Token));

        Assert.Equal(204, answer.Status);
        Assert.Null(await rig.Registry.FindAsync(rig.Name, 1, Token));
    }
}
