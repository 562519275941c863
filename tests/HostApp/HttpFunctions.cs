using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.HostApp;

/// <summary>HTTP functions of each level of access.</summary>
public static class HttpFunctions
{
    [Function("Open")]
    public static IResult Open([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "open")] HttpRequest request) =>
        Results.Text("open");

    [Function("Guarded")]
    public static IResult Guarded(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "guarded/{number:int}")] HttpRequest request,
        int number
    ) => Results.Json(new { number, word = request.Query["word"].ToString() });

    [Function("ForAdmins")]
    public static IResult ForAdmins([HttpTrigger(AuthorizationLevel.Admin, "get", Route = "admins")] HttpRequest request) =>
        Results.Text("admin");
}
