using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Ingest;

namespace Serverless.Functions.Azure.Http;

/// <summary>A record as JSON, written whole before it is sent: whoever forwards or compresses it asks for its length.</summary>
internal sealed class JsonAnswer<T>(T value, int status) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => status;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(value, AssetsJson.Options);
        HttpResponse response = httpContext.Response;
        (response.StatusCode, response.ContentType, response.ContentLength) = (status, "application/json; charset=utf-8", json.Length);
        await response.Body.WriteAsync(json, httpContext.RequestAborted);
    }
}
