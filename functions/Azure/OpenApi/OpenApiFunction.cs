using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Functions.Azure.OpenApi;

/// <summary>The description of every route, for people and for generators of clients.</summary>
public sealed class OpenApiFunction
{
    private static readonly Lazy<byte[]> Document = new(() => Encoding.UTF8.GetBytes(OpenApiDocument.Make().ToJsonString()));

    [Function("OpenApi")]
    public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/openapi.json")] HttpRequest request) =>
        Results.Bytes(Document.Value, "application/json");
}
