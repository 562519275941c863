using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest;
using Serverless.Ingest.Steps;

namespace Serverless.Functions.Azure.Assets;

/// <summary>What is brought back: items of the list, as it gave them.</summary>
internal sealed record ErasuresRequest(IReadOnlyList<ErasureRecord> Items, string? Reason = null);

/// <param name="Kept">How many of those given were not known here; the next reconcile erases what they name.</param>
internal sealed record ErasuresAnswer(int Given, int Kept);

/// <summary>
/// Which assets were erased: proof, and what outlives a store that is set back to a time before, which does not know it any more.
/// </summary>
public sealed class ErasuresFunction(AssetStores stores, ErasureRecords records, TimeProvider time)
{
    private const int MaxPage = 200;
    private const int MaxItems = 1_000;
    private const int MaxToken = 64;

    [Function("ListErasures")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/erasures")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        ErasurePlace? after = request.ReadText("after", MaxToken) is { } token ? Parse(token) : null;
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        ErasurePage page = await records.ListPageAsync(request.ReadTime("since"), after, limit, cancellationToken);
        return Answers.Json(new ListAnswer<ErasureRecord>(page.Records, page.Next is { } next ? $"{next.Store}:{next.Asset}" : null));
    }

    [Function("BringErasuresBack")]
    public async Task<IResult> BringBackAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/erasures")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        request.ReadRequester();
        ErasuresRequest wanted = await request.ReadJsonAsync<ErasuresRequest>(cancellationToken);
        ReasonRequest.Check(wanted.Reason);
        if (wanted.Items.Count is 0 or > MaxItems)
        {
            throw RequestProblem.BadRequest($"items has {wanted.Items.Count:N0} records; allowed are 1 to {MaxItems:N0}.");
        }
        // All of them before any is kept.
        for (int i = 0; i < wanted.Items.Count; i++)
        {
            Check(wanted.Items[i], $"items[{i}]");
        }
        int kept = 0;
        foreach (ErasureRecord record in wanted.Items)
        {
            if (await records.BringBackAsync(record, cancellationToken))
            {
                kept++;
            }
        }
        return Answers.Json(new ErasuresAnswer(wanted.Items.Count, kept));
    }

    private void Check(ErasureRecord record, string place)
    {
        if (!stores.Has(record.Store))
        {
            string known = string.Join(", ", stores.All.Select(store => store.Name));
            throw RequestProblem.BadRequest($"{place}.store is '{record.Store}'; allowed are {known}.");
        }
        if (!AssetSource.IsAssetId(record.Asset))
        {
            throw RequestProblem.BadRequest($"{place}.asset is '{record.Asset}', which is no id of an asset.");
        }
        if (record.At > time.GetUtcNow())
        {
            // It would erase what is uploaded until then.
            throw RequestProblem.BadRequest($"{place}.at is {record.At:u}, which is still to come.");
        }
        if (record.By.Length is 0 or > Requester.MaxCharacters || record.By.Any(char.IsControl))
        {
            throw RequestProblem.BadRequest(
                $"{place}.by has {record.By.Length} characters; allowed are 1 to {Requester.MaxCharacters} printable ones: who had it "
                    + "erased."
            );
        }
    }

    private ErasurePlace Parse(string token) =>
        token.Split(':') is [string store, string asset] && stores.Has(store) && AssetSource.IsAssetId(asset)
            ? new ErasurePlace(store, asset)
            : throw RequestProblem.UnknownToken();
}
