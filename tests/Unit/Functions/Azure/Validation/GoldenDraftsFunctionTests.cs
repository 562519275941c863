using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Validation;
using Serverless.Media.Images;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Unit.Functions.Azure.Models;
using Serverless.Unit.Registry;
using Serverless.Unit.Servers;
using Serverless.Validation.Golden;
using Serverless.Validation.Golden.Drafts;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Validation;

/// <summary>The review of a draft as it is asked for over HTTP, over Azurite.</summary>
public sealed class GoldenDraftsFunctionTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ADraft_IsReviewedItemByItem_AndBecomesASet()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        (GoldenDraftsFunction function, GoldenSets sets, GoldenDraft draft) = await OpenAsync(rig, items: 2);

        (_, JsonElement accepted) = await ReviewAsync(function, draft, "0", """{"review":"accepted","label":"beach"}""");
        (_, JsonElement rejected) = await ReviewAsync(function, draft, "1", """{"review":"rejected"}""");
        (_, JsonElement shown) = await ModelsApi.AnswerAsync(function.ShowAsync(ModelsApi.Request(), draft.Id, Token));
        (int status, JsonElement set) = await FinishAsync(
            function,
            draft,
            $$"""{"scope":"models","name":"{{rig.Name}}","environments":["qa"]}"""
        );

        Assert.Equal((1, 1), (accepted.GetProperty("open").GetInt32(), rejected.GetProperty("rejected").GetInt32()));
        JsonElement first = shown.GetProperty("items")[0];
        Assert.Equal(
            ("beach", "harbour", "accepted", ModelsApi.By),
            (
                first.GetProperty("label").GetString(),
                first.GetProperty("drawnLabel").GetString(),
                first.GetProperty("review").GetString(),
                first.GetProperty("by").GetString()
            )
        );
        Assert.Equal(201, status);
        string digest = set.GetProperty("set").GetProperty("digest").GetString()!;
        Assert.Equal(digest, (await sets.FindPointerAsync("qa", GoldenScope.OfModel(rig.Name), Token))!.Digest);
        Assert.Contains("\"beach\"", (await sets.ReadAsync($"models/{rig.Name}", digest, Token)).ToString(), StringComparison.Ordinal);
        RequestProblem done = await Assert.ThrowsAsync<RequestProblem>(() => function.ShowAsync(ModelsApi.Request(), draft.Id, Token));
        Assert.Equal(404, done.Status);
    }

    [Fact]
    public async Task ADraft_MayJoinTheSetThatIsThere()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        (GoldenDraftsFunction function, GoldenSets sets, GoldenDraft draft) = await OpenAsync(rig, items: 1);
        GoldenScope scope = GoldenScope.OfModel(rig.Name);
        byte[] line = Encoding.UTF8.GetBytes("""{"id":"by hand","text":"A boat.","label":"boat"}""");
        GoldenSet before = await sets.StoreAsync(scope, GoldenLines.Read(line, ModelTask.TextClassification), Token);
        await ReviewAsync(function, draft, "0", """{"review":"accepted"}""");

        (_, JsonElement set) = await FinishAsync(
            function,
            draft,
            $$"""{"scope":"models","name":"{{rig.Name}}","with":"{{before.Digest}}"}"""
        );

        Assert.Equal(2, set.GetProperty("set").GetProperty("items").GetInt32());
        Assert.Equal(0, set.GetProperty("pointers").GetArrayLength());
    }

    [Fact]
    public async Task AnItemThatIsNotThere_OrADraft_IsRefusedByName()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        (GoldenDraftsFunction function, _, GoldenDraft draft) = await OpenAsync(rig, items: 1);

        GoldenException item = await Assert.ThrowsAsync<GoldenException>(() =>
            ReviewAsync(function, draft, "no such", """{"review":"accepted"}""")
        );
        GoldenException missing = await Assert.ThrowsAsync<GoldenException>(() =>
            ReviewAsync(function, draft with { Id = "../x" }, "0", """{"review":"accepted"}""")
        );

        Assert.Equal($"The draft {draft.Id} has no item 'no such'.", item.Message);
        Assert.Equal(GoldenFault.Missing, missing.Fault);
        Assert.Equal(204, (await RemoveAsync(function, draft)).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<RequestProblem>(() => RemoveAsync(function, draft))).Status);
    }

    private static async Task<(GoldenDraftsFunction Function, GoldenSets Sets, GoldenDraft Draft)> OpenAsync(RegistryRig rig, int items)
    {
        GoldenSets sets = new(rig.Store, rig.Get<RegistryOptions>(), new ImageReader(new ImageOptions()), TimeProvider.System);
        GoldenDrafts drafts = new(sets, TimeProvider.System);
        string lines = string.Concat(
            Enumerable.Range(0, items).Select(i => $$"""{"id":"{{i}}","text":"Waves {{i}}.","label":"harbour","review":"open"}""" + "\n")
        );
        GoldenDraft draft = new(
            GoldenDraft.IdOf(rig.Name, items, seed: 0, suggest: false),
            $"{rig.Name}/1",
            ModelTask.TextClassification,
            "ana",
            DateTimeOffset.UnixEpoch,
            Enumerable.Range(0, items).ToDictionary(i => $"{i}", _ => new DraftReview(GoldenReview.Open)),
            new Dictionary<string, int>()
        );
        await drafts.AddAsync(draft, Encoding.UTF8.GetBytes(lines), Token);
        GoldenDraftsFunction function = new(
            drafts,
            sets,
            new GoldenDraftRemoval(drafts, new GoldenPictures(sets, drafts)),
            GoldenFunctionTests.Storing(sets),
            rig.Registry
        );
        return (function, sets, draft);
    }

    private static Task<(int Status, JsonElement Body)> ReviewAsync(
        GoldenDraftsFunction function,
        GoldenDraft draft,
        string item,
        string body
    ) => ModelsApi.AnswerAsync(function.ReviewAsync(ModelsApi.Json(body), draft.Id, item, Token));

    private static Task<(int Status, JsonElement Body)> FinishAsync(GoldenDraftsFunction function, GoldenDraft draft, string body) =>
        ModelsApi.AnswerAsync(function.FinishAsync(ModelsApi.Json(body), draft.Id, Token));

    private static Task<(int Status, JsonElement Body)> RemoveAsync(GoldenDraftsFunction function, GoldenDraft draft) =>
        ModelsApi.AnswerAsync(function.RemoveAsync(ModelsApi.Request(), draft.Id, Token));
}
