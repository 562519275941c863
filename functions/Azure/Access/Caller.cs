using Microsoft.AspNetCore.Http;

namespace Serverless.Functions.Azure.Access;

/// <summary>Who a request is taken for, and what they may do.</summary>
/// <param name="Title">For messages: "the key 'ci'", "'ana@example.org', who is signed in,".</param>
/// <param name="Id">The same whatever name goes with it; null for a key that is not listed.</param>
/// <param name="SignedInAs">The name that the sign-in gives; null where nobody is signed in.</param>
/// <param name="MayNameThemselves">Whether a name that the request gives counts where nobody is signed in.</param>
internal sealed record Caller(AccessRoles Roles, string Title, string? Id = null, string? SignedInAs = null, bool MayNameThemselves = true)
{
    /// <exception cref="InvalidOperationException">The request was not let in by <see cref="AccessCheck"/>.</exception>
    public static Caller Of(HttpRequest request) =>
        request.HttpContext.Features.Get<Caller>()
        ?? throw new InvalidOperationException($"Nobody asked whether {request.Method} {request.Path} is allowed.");
}
