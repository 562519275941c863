using Serverless.Packages;
using Serverless.Validation.Golden;
using Serverless.Validation.Golden.Drafts;

namespace Serverless.Functions.Azure.Validation;

/// <summary>A draft in one line: how far its review has come.</summary>
/// <param name="Export">It was drawn from, as name/version.</param>
/// <param name="LeftOut">Rows that were chosen and not drawn, by the reason.</param>
internal sealed record GoldenDraftLine(
    string Id,
    string Export,
    ModelTask Task,
    int Items,
    int Open,
    int Accepted,
    int Rejected,
    string By,
    DateTimeOffset At,
    IReadOnlyDictionary<string, int> LeftOut
)
{
    public static GoldenDraftLine Of(GoldenDraft draft) =>
        new(
            draft.Id,
            draft.Export,
            draft.Task,
            draft.Reviews.Count,
            draft.Count(GoldenReview.Open),
            draft.Count(GoldenReview.Accepted),
            draft.Count(GoldenReview.Rejected),
            draft.By,
            draft.At,
            draft.LeftOut
        );
}

/// <param name="Items">In the order in which they were drawn.</param>
internal sealed record GoldenDraftAnswer(GoldenDraftLine Draft, IReadOnlyList<DraftedItem> Items);

/// <param name="Text">Null of a picture.</param>
/// <param name="Media">Of a picture, as "sha256:…".</param>
/// <param name="Moment">Of a film's keyframe, its place in the film in seconds.</param>
/// <param name="Label">As it stands: as it was drawn, or corrected.</param>
/// <param name="DrawnLabel">As it was drawn.</param>
/// <param name="Suggested">Nobody reported the label that was drawn: it is what the model answered.</param>
/// <param name="By">Who reviewed it last; null while nobody has.</param>
internal sealed record DraftedItem(
    string Id,
    string? Text,
    string? Media,
    string? Language,
    string? Source,
    string? Asset,
    double? Moment,
    string? Label,
    string? DrawnLabel,
    bool Suggested,
    GoldenReview Review,
    string? By,
    DateTimeOffset? At
)
{
    public static DraftedItem Of(GoldenItem item, DraftReview said) =>
        new(
            item.Id,
            item.Text,
            item.Media,
            item.Language,
            item.Source,
            item.Asset,
            item.Moment,
            said.Label ?? item.Label,
            item.Label,
            said.Suggested,
            said.Review,
            said.By,
            said.At
        );
}

/// <param name="Label">What is right instead of what was drawn; absent where that is right.</param>
internal sealed record ItemReviewRequest(GoldenReview Review, string? Label = null);

/// <param name="Scope">models or tasks.</param>
/// <param name="Name">Of the model, or of the task.</param>
/// <param name="Environments">That judge by it from now on; none where absent.</param>
/// <param name="With">The digest of a set of the same scope whose items go along.</param>
internal sealed record FinishDraftRequest(string Scope, string Name, IReadOnlyList<string>? Environments = null, string? With = null);
