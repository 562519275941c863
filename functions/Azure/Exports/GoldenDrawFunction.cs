using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Exports;
using Serverless.Exports.Files;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Validation;
using Serverless.Orchestrations.Exports;
using Serverless.Validation.Golden.Drafts;

namespace Serverless.Functions.Azure.Exports;

/// <summary>Draws items of a golden set, which people review, then store with <c>POST /api/golden/{scope}/{name}</c>.</summary>
public sealed class GoldenDrawFunction(ExportStore exports, GoldenDraw draw, GoldenDrafting drafting)
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
        (int rows, int seed) = ReadWish(request);
        ExportCard card = await FindAsync(name, version, cancellationToken);
        BinaryData lines = await draw.DrawAsync(card, rows, seed, cancellationToken);
        return lines.ToMemory().IsEmpty
            ? throw RequestProblem.Conflict(
                $"Export '{name}' of version '{version}' has no row with a text and a label; "
                    + "texts are captured where Captures:Payloads is on."
            )
            : Results.Bytes(lines.ToArray(), "application/jsonl", $"{name}-golden.jsonl");
    }

    /// <summary>
    /// The same as a draft that people review here, also of pictures that were uploaded. The same again is the draft that is there.
    /// </summary>
    [Function("DrawGoldenDraft")]
    public async Task<IResult> DrawDraftAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/exports/{name}/{version}/golden")] HttpRequest request,
        string name,
        string version,
        CancellationToken cancellationToken
    )
    {
        (int rows, int seed) = ReadWish(request);
        string? labels = request.ReadOneOf("labels", ["reported", "suggested"]);
        string by = request.ReadRequester();
        ExportCard card = await FindAsync(name, version, cancellationToken);
        GoldenDraft draft = await drafting.DrawAsync(card, rows, seed, labels == "suggested", by, cancellationToken)
            ?? throw RequestProblem.Conflict(
                $"Export '{name}' of version '{version}' has no row with a label of which there is a text, or a picture that is still in "
                    + "its store; texts are captured where Captures:Payloads is on, and labels=suggested takes what the model answered."
            );
        request.HttpContext.Response.Headers.Location = $"/api/golden-drafts/{draft.Id}";
        return Answers.Json(GoldenDraftLine.Of(draft), StatusCodes.Status201Created);
    }

    private static (int Rows, int Seed) ReadWish(HttpRequest request) =>
        (
            request.ReadNumber("rows", 1, GoldenDraw.MaxRows, otherwise: DefaultRows),
            request.ReadNumber("seed", 0, int.MaxValue, otherwise: 0)
        );

    private async Task<ExportCard> FindAsync(string name, string version, CancellationToken cancellationToken) =>
        await exports.FindAsync(name, version, cancellationToken)
        ?? throw RequestProblem.NotFound($"There is no export '{name}' of version '{version}' that has its rows.");
}
