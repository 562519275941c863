using System.Text.Json;

namespace Serverless.Storage;

/// <summary>Somebody's JSON has a member that the record does not have; the message names those that it has.</summary>
/// <param name="place">Where the object stands; empty of the outermost.</param>
internal sealed class UnknownMemberException(string member, string place, IReadOnlyList<string> known)
    : JsonException(
        $"There is no member '{GivenKind.Shorten(member)}' {(place.Length > 0 ? $"in {place}" : "here")}; "
            + $"there are {string.Join(", ", known)}."
    )
{
    public string Member { get; } = member;
}
