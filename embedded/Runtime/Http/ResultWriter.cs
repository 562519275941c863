using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace Serverless.Embedded.Runtime.Http;

/// <summary>Answers a request with what the function returned.</summary>
internal static class ResultWriter
{
    public static Task WriteAsync(HttpContext http, object? result, CancellationToken cancellationToken) => result switch
    {
        null => Task.CompletedTask,
        IResult answer => answer.ExecuteAsync(http),
        IActionResult answer => answer.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor())),
        HttpResponseData answer => ((ResponseData)answer).SendAsync(http.Response, cancellationToken),
        _ when AnswerProperty(result.GetType()) is { } property => WriteAsync(http, property.GetValue(result), cancellationToken),
        string text => http.Response.WriteAsync(text, cancellationToken),
        _ => WriteAsync(http, new OkObjectResult(result), cancellationToken),
    };

    /// <summary>A result with several outputs names its answer by attribute or by type.</summary>
    private static PropertyInfo? AnswerProperty(Type type) => type.GetProperties().FirstOrDefault(property =>
        property.IsDefined(typeof(HttpResultAttribute)) || typeof(HttpResponseData).IsAssignableFrom(property.PropertyType));
}
