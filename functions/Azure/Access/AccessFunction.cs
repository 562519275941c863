using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Access;

/// <param name="Id">The caller whatever name goes with it; absent of a key that is not listed.</param>
/// <param name="Name">Of who is signed in; absent where nobody is, and acts are by the name that the request gives.</param>
internal sealed record AccessAnswer(IReadOnlyList<string> Roles, string? Id, string? Name);

/// <summary>Who the caller is taken for, so that a page can leave out what it may not do.</summary>
public static class AccessFunction
{
    [Function("ShowAccess")]
    public static IResult Show([HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/access")] HttpRequest request)
    {
        Caller caller = Caller.Of(request);
        return Answers.Json(new AccessAnswer(caller.Roles.List(), caller.Id, caller.SignedInAs));
    }
}
