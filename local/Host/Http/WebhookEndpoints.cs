using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Serverless.Local.Host.Http;

/// <summary>/runtime/webhooks/{extension}: hands a request to the extension, for the system key that is the extension's.</summary>
internal sealed class WebhookEndpoints(KeyRing keys, Webhooks webhooks)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.Map("/runtime/webhooks/{extension}/{**rest}", HandleAsync).WithMetadata(HostRoute.Instance);

    private async Task HandleAsync(HttpContext context)
    {
        string extension = (string)context.Request.RouteValues["extension"]!;
        if (webhooks.Find(extension) is not { } handler)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (!keys.Allows(context.Request, AccessLevel.System, Webhooks.KeyName(extension)))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        using HttpRequestMessage request = RequestOf(context);
        using HttpResponseMessage response = await handler.ConvertAsync(request, context.RequestAborted);
        await AnswerAsync(context, response);
    }

    private static HttpRequestMessage RequestOf(HttpContext context)
    {
        HttpRequestMessage request = new(new HttpMethod(context.Request.Method), context.Request.GetEncodedUrl())
        {
            Content = new StreamContent(context.Request.Body),
        };
        foreach ((string name, StringValues values) in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
        return request;
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage response)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        IEnumerable<KeyValuePair<string, IEnumerable<string>>> headers = response.Headers;
        foreach ((string name, IEnumerable<string> values) in response.Content is { } content ? headers.Concat(content.Headers) : headers)
        {
            context.Response.Headers[name] = values.ToArray();
        }
        context.Response.Headers.Remove("Transfer-Encoding"); // the server chooses it
        if (response.Content is { } body)
        {
            await body.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}
