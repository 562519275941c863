using System.Globalization;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Media;

namespace Serverless.Functions.Azure.Assets;

/// <summary>
/// Which assets a list, or a redrive, is about: by store, state, kind, and kind of failure. Those that were deleted only where they are
/// asked for.
/// </summary>
internal sealed record AssetFilter(string? Store, AssetState? State, MediaKind? Kind, string? Failure)
{
    public static AssetFilter Read(HttpRequest request, LedgerViews views) =>
        new(
            request.ReadOneOf("store", views.All.Select(view => view.Store)),
            request.ReadName<AssetState>("state"),
            request.ReadName<MediaKind>("kind"),
            request.ReadOneOf("failure", FailureKind.All)
        );

    public bool Admits(LedgerRow row) =>
        (Store is null || row.Store == Store)
        && (State is null ? row.State != AssetState.Gone : row.State == State)
        && (Kind is null || row.Kind == Kind)
        && (Failure is null || row.Entry.Failure?.Kind == Failure);

    /// <summary>What a list or count says while a ledger is read for the first time; null where it is read.</summary>
    public static string? IncompleteFor(int unread) =>
        unread == 0
            ? null
            : $"The ledger is being read for the first time; at least {unread} of its documents are still to come, and count as missing.";

    /// <summary>The rows after the one that the token names, which need not be there any more.</summary>
    public ListAnswer<AssetAnswer> PageOf(IEnumerable<LedgerRow> newestFirst, string? after, int limit)
    {
        (long Ticks, string Asset)? from = after is null ? null : ReadToken(after);
        List<LedgerRow> rows = newestFirst
            .Where(row => Admits(row) && (from is not { } token || IsAfter(row, token)))
            .Take(limit + 1)
            .ToList();
        string? next = rows.Count > limit ? TokenOf(rows[limit - 1]) : null;
        return new ListAnswer<AssetAnswer>([.. rows.Take(limit).Select(AssetAnswer.Of)], next);
    }

    private static bool IsAfter(LedgerRow row, (long Ticks, string Asset) token)
    {
        long ticks = row.Entry.Changed.UtcTicks;
        return ticks < token.Ticks || ticks == token.Ticks && string.CompareOrdinal(row.Asset, token.Asset) > 0;
    }

    private static string TokenOf(LedgerRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.Entry.Changed.UtcTicks:x}-{row.Asset}");

    private static (long Ticks, string Asset) ReadToken(string token)
    {
        string[] parts = token.Split('-', 2);
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long ticks)
            ? (ticks, parts[1])
            : throw RequestProblem.UnknownToken();
    }
}
