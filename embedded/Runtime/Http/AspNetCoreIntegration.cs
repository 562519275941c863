using Microsoft.AspNetCore.Http;

namespace Serverless.Embedded.Runtime.Http;

/// <summary>Registered by <c>ConfigureFunctionsWebApplication</c>: functions may take and return ASP.NET Core's types.</summary>
internal sealed class AspNetCoreIntegration
{
    /// <summary>The key under which the official integration keeps the <see cref="HttpContext"/> in a function context's items.</summary>
    public const string ItemKey = "HttpRequestContext";
}
