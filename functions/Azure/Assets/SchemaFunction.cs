using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Ingest.Documents;

namespace Serverless.Functions.Azure.Assets;

/// <summary>The published schema of analysis documents, for whoever reads them.</summary>
public sealed class SchemaFunction
{
    private static readonly Lazy<byte[]> Schema = new(() => Encoding.UTF8.GetBytes(AnalysisSchema.Make().ToJsonString()));

    [Function("AnalysisSchema")]
    public static IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/schemas/analysis")] HttpRequest request) =>
        Results.Bytes(Schema.Value, AnalysisSchema.MediaType);
}
