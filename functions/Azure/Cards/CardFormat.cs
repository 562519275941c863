using System.Text;
using Microsoft.AspNetCore.Http;
using Serverless.Cards;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Cards;

internal enum CardFormat
{
    Html,
    Markdown,
    Json,
}

/// <summary>A card as the caller wants it: by <c>?format=</c>, else by Accept, else as a page.</summary>
internal static class CardAnswer
{
    public static IResult Of(HttpRequest request, Card card)
    {
        switch (request.ReadName<CardFormat>("format") ?? Accepted(request))
        {
            case CardFormat.Json:
                return Answers.Json(card);
            case CardFormat.Markdown:
                return Results.Text(CardMarkdown.Write(card), CardMarkdown.ContentType, Encoding.UTF8);
            default:
                // What somebody else wrote is in it: it is shown as it is drawn, runs nothing and fetches nothing.
                request.HttpContext.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'";
                return Results.Text(CardHtml.Write(card), CardHtml.ContentType, Encoding.UTF8);
        }
    }

    private static CardFormat Accepted(HttpRequest request)
    {
        foreach (
            string? type in request
                .GetTypedHeaders()
                .Accept.OrderByDescending(accepted => accepted.Quality ?? 1)
                .Select(accepted => accepted.MediaType.Value)
        )
        {
            switch (type)
            {
                case "text/html":
                    return CardFormat.Html;
                case "text/markdown":
                    return CardFormat.Markdown;
                case "application/json":
                    return CardFormat.Json;
            }
        }
        return CardFormat.Html;
    }
}
