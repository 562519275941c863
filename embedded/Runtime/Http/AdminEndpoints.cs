using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Hosting;

namespace Serverless.Embedded.Runtime.Http;

/// <summary>The host's own routes under <c>/admin</c>; all but the ping need the master key.</summary>
internal sealed class AdminEndpoints(KeyRing keys, IReadOnlyList<FunctionModel> functions, TriggerService triggers)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/admin/host/ping", ["GET", "POST"], context => Task.CompletedTask);
        routes.MapGet("/admin/host/status", Guarded(_ => Results.Json(new
        {
            id = "embedded",
            state = triggers.State.ToString(),
            version = typeof(AdminEndpoints).Assembly.GetName().Version!.ToString(),
            functions = functions.Count,
        })));
        routes.MapGet("/admin/functions", Guarded(_ => Results.Json(functions.Select(Describe))));
        routes.MapPost("/admin/functions/{name}", Guarded(RunAsync));
    }

    private RequestDelegate Guarded(Func<HttpContext, IResult> answer) => Guarded(context => Task.FromResult(answer(context)));

    private RequestDelegate Guarded(Func<HttpContext, Task<IResult>> answer) => async context =>
    {
        var result = keys.Allows(context.Request, AuthorizationLevel.Admin, null) ? await answer(context) : Results.Unauthorized();
        await result.ExecuteAsync(context);
    };

    private async Task<IResult> RunAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["name"]!;
        if (functions.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } function)
            return Results.NotFound();
        string input;
        try
        {
            input = await InputAsync(context.Request);
        }
        catch (JsonException)
        {
            return Results.BadRequest("The body must be empty or JSON such as {\"input\": \"text\"}.");
        }

        return triggers.RunNow(function, input)
            ? Results.Accepted()
            : Results.BadRequest($"'{function.Name}' is run by {function.Plan.Type}, which cannot be started here.");
    }

    private static async Task<string> InputAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        return string.IsNullOrWhiteSpace(body) ? "" : JsonSerializer.Deserialize<RunRequest>(body, JsonSerializerOptions.Web)?.Input ?? "";
    }

    private static object Describe(FunctionModel function) => new
    {
        name = function.Name,
        trigger = function.Plan.Type,
        entryPoint = function.Definition.EntryPoint,
    };

    private sealed record RunRequest(string? Input);
}
