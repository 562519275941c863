using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Serverless.Local.Host.Functions;

namespace Serverless.Local.Host.Http;

/// <summary>The host's own routes under /admin; all but the ping need the master key.</summary>
internal sealed class AdminEndpoints(
    KeyRing keys,
    IReadOnlyList<FunctionDefinition> functions,
    JobHostRunner jobs,
    string hostId,
    ILogger logger
)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/admin/host/ping", ["GET", "POST"], _ => Task.CompletedTask).WithMetadata(HostRoute.Instance);
        MapGuarded(routes, "GET", "/admin/host/status", _ => Task.FromResult(
                Results.Json(
                    new
                    {
                        id = hostId,
                        state = "Running",
                        version = typeof(AdminEndpoints).Assembly.GetName().Version!.ToString(),
                        processId = Environment.ProcessId,
                        functions = functions.Count,
                    }
                )
            ));
        MapGuarded(routes, "GET", "/admin/functions", _ => Task.FromResult(Results.Json(functions.Select(Describe))));
        MapGuarded(routes, "POST", "/admin/functions/{name}", RunAsync);
    }

    private void MapGuarded(IEndpointRouteBuilder routes, string method, string pattern, Func<HttpContext, Task<IResult>> answer) =>
        routes
            .MapMethods(pattern, [method], async context =>
            {
                IResult result = keys.Allows(context.Request, AccessLevel.Admin, null) ? await answer(context) : Results.Unauthorized();
                await result.ExecuteAsync(context);
            })
            .WithMetadata(HostRoute.Instance);

    /// <summary>Answers at once; the function runs on, as in the real host.</summary>
    private async Task<IResult> RunAsync(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["name"]!;
        if (
            functions.FirstOrDefault(candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } function
            || !jobs.Offers(function)
        )
        {
            return Results.NotFound();
        }
        if (function.Trigger.IsHttpTrigger)
        {
            return Results.BadRequest($"'{function.Name}' is run by HTTP; call its route.");
        }
        try
        {
            RunRequest? request = await JsonSerializer.DeserializeAsync<RunRequest>(
                context.Request.Body,
                JsonSerializerOptions.Web,
                context.RequestAborted
            );
            _ = RunInBackgroundAsync(function, request?.Input ?? "");
            return Results.Accepted();
        }
        catch (JsonException)
        {
            return Results.BadRequest("The body must be JSON such as {\"input\": \"text\"}.");
        }
    }

    private async Task RunInBackgroundAsync(FunctionDefinition function, string input)
    {
        try
        {
            await jobs.CallAsync(function, input, CancellationToken.None);
        }
        catch (Exception failure)
        {
            Log.RunByHandFailed(logger, function.Name, failure.Message);
        }
    }

    private static object Describe(FunctionDefinition function) =>
        new
        {
            name = function.Name,
            trigger = function.Trigger.Type,
            entryPoint = function.EntryPoint,
        };

    private sealed record RunRequest(string? Input);
}
