using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Exports;
using Serverless.Exports.Files;
using Serverless.Functions.Azure.Http;
using Serverless.Orchestrations.Exports;

namespace Serverless.Functions.Azure.Exports;

/// <summary>Draws items of a golden set, which people review, then store with <c>POST /api/golden/{scope}/{name}</c>.</summary>
public sealed class GoldenDrawFunction(ExportStore exports, GoldenDraw draw)
{
    private const int DefaultRows = 200;

    [Function("DrawGolden")]
    public async Task<IResult> DrawAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/exports/{name}/{version}/golden")] HttpRequest request,
        string name,
        string version,
        CancellationToken cancellationToken
    )
    {
        int rows = request.ReadNumber("rows", 1, GoldenDraw.MaxRows, otherwise: DefaultRows),
            seed = request.ReadNumber("seed", 0, int.MaxValue, otherwise: 0);
        ExportCard card = await exports.FindAsync(name, version, cancellationToken)
            ?? throw RequestProblem.NotFound($"There is no export '{name}' of version '{version}' that has its rows.");
        BinaryData lines = await draw.DrawAsync(card, rows, seed, cancellationToken);
        return lines.ToMemory().IsEmpty
            ? throw RequestProblem.Conflict(
                $"Export '{name}' of version '{version}' has no row with a text and a label; "
                    + "texts are captured where Captures:Payloads is on."
            )
            : Results.Bytes(lines.ToArray(), "application/jsonl", $"{name}-golden.jsonl");
    }
}
