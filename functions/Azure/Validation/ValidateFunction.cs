using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Models;
using Serverless.Orchestrations.Validation;
using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Validation;

/// <param name="Run">Its status, under <c>/api/runs</c>.</param>
/// <param name="Report">Where the page will be; <c>report.json</c> lies beside it.</param>
internal sealed record ValidationStarted(string Id, string Run, string Report);

/// <summary>Validates a version for an environment, apart from any promotion.</summary>
public sealed class ValidateFunction(ModelRegistry registry, RegistryOptions options, TimeProvider time)
{
    private const string KeyHeader = "Idempotency-Key";
    private const int MaxKeyCharacters = 128;

    /// <summary>202 with the run; the same Idempotency-Key starts one run however often it comes.</summary>
    [Function("ValidateVersion")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/models/{name}/versions/{version}/validate")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string name,
        string version,
        CancellationToken cancellationToken
    )
    {
        ModelVersion id = VersionsFunction.Parse(name, version);
        string environment = request.ReadOneOf("environment", options.Environments)
            ?? throw RequestProblem.BadRequest($"environment is missing; allowed are {string.Join(", ", options.Environments)}.");
        if (await registry.FindAsync(id, cancellationToken) is null)
        {
            throw RequestProblem.NotFound($"Model '{name}' has no version {version}.");
        }

        string instance = await client.StartAsync(
            new ValidateModelInput(id.Name, id.Version, environment),
            ReadKey(request),
            cancellationToken
        );
        string run = $"/api/runs/{instance}";
        request.HttpContext.Response.Headers.Location = run;
        return Answers.Json(
            new ValidationStarted(
                instance,
                run,
                $"/api/models/{id.Name}/versions/{id.Version}/reports/{ValidateModel.ReportIdOf(instance, environment)}/report.html"
            ),
            StatusCodes.Status202Accepted
        );
    }

    private string ReadKey(HttpRequest request)
    {
        string? key = request.Headers[KeyHeader];
        if (string.IsNullOrEmpty(key))
        {
            return $"{time.GetUtcNow():yyyyMMddHHmmssfffffff}";
        }
        return key.Length <= MaxKeyCharacters && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? key
            : throw RequestProblem.BadRequest(
                $"The header {KeyHeader} has {key.Length} characters; allowed are 1 to {MaxKeyCharacters} letters, digits, '-', "
                    + $"'_' and '.'."
            );
    }
}
