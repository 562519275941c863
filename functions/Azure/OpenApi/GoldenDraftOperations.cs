using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Validation;

namespace Serverless.Functions.Azure.OpenApi;

internal static class GoldenDraftOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new Operation("ListGoldenDrafts", "Drafts of golden sets that are under review, and how far each has come").Gives<
            ListAnswer<GoldenDraftLine>
        >(),
        new Operation("ShowGoldenDraft", "The items of a draft, with what was said of each").Gives<GoldenDraftAnswer>().Fails(404),
        new Operation("ReviewGoldenItem", "Accepts or rejects an item of a draft, or opens it again; corrects its label")
            .ByName()
            .Takes<ItemReviewRequest>()
            .Gives<GoldenDraftLine>()
            .Fails(404, 422),
        new Operation("FinishGoldenDraft", "Makes a golden set of the items that were accepted, and lets environments judge by it")
            .ByName()
            .Takes<FinishDraftRequest>()
            .Gives<GoldenAnswer>(201, "Stored; the draft is gone")
            .Fails(404, 409, 422),
        new Operation("RemoveGoldenDraft", "Removes a draft and what was said of its items")
            .ByName()
            .GivesNothing(204, "Removed")
            .Fails(404),
    ];
}
