using System.Security.Cryptography;
using System.Text;
using Serverless.Packages;

namespace Serverless.Validation.Golden.Drafts;

/// <summary>Items that were drawn, which people review before a golden set is made of those that they accept.</summary>
/// <param name="Id">Names what was drawn: the same export, number and seed again is the same draft.</param>
/// <param name="Export">They were drawn from, as name/version.</param>
/// <param name="By">Who drew them.</param>
/// <param name="Reviews">Of each item, by its id.</param>
/// <param name="LeftOut">Rows that were chosen and not drawn, by the reason.</param>
public sealed record GoldenDraft(
    string Id,
    string Export,
    ModelTask Task,
    string By,
    DateTimeOffset At,
    IReadOnlyDictionary<string, DraftReview> Reviews,
    IReadOnlyDictionary<string, int> LeftOut
)
{
    private const int IdCharacters = 24;

    public static string IdOf(string export, int rows, int seed, bool suggest) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{export}\n{rows}\n{seed}\n{suggest}")))[..IdCharacters];

    /// <summary>Whether a text has the form of such a name, so that it may be part of a path.</summary>
    public static bool IsId(string text) => text.Length == IdCharacters && text.All(char.IsAsciiHexDigitLower);

    /// <summary>When it was drawn, or somebody said last what is to become of an item.</summary>
    public DateTimeOffset LastTouched() => Reviews.Values.Select(said => said.At ?? At).Append(At).Max();

    public int Count(GoldenReview review) => Reviews.Values.Count(said => said.Review == review);
}

/// <param name="Label">What is right instead of what was drawn; null where that is right.</param>
/// <param name="Suggested">Nobody reported the label that was drawn: it is what the model answered.</param>
/// <param name="By">Who said it; null while nobody has.</param>
public sealed record DraftReview(
    GoldenReview Review,
    string? Label = null,
    bool Suggested = false,
    string? By = null,
    DateTimeOffset? At = null
);
