using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Access;

/// <summary>
/// Who asks, and whether they may. The Functions host has looked at the key before; this says what it is good for. Thread-safe.
/// </summary>
internal sealed class AccessCheck(AccessOptions options)
{
    private readonly Followed<Rules> _rules = options.Follow(Rules.Of);

    /// <summary>Lets the request go on to the function, which finds its <see cref="Caller"/>.</summary>
    /// <exception cref="RequestProblem">The caller lacks the role that the function needs, or says nothing that can be read.</exception>
    public void Admit(HttpRequest request, string function)
    {
        AccessRoles needed = RouteRoles.Of(function);
        if (needed == AccessRoles.None)
        {
            return;
        }
        Caller caller = Identify(request);
        if (!caller.Roles.HasFlag(needed))
        {
            throw new RequestProblem(
                StatusCodes.Status403Forbidden,
                $"{function} needs the role {needed.Write()}; {caller.Title} has {caller.Roles.Write()}."
            );
        }
        request.HttpContext.Features.Set(caller);
    }

    private Caller Identify(HttpRequest request)
    {
        Rules rules = _rules.Current;
        if (rules.Options.EasyAuth && ClientPrincipal.Read(request) is { } principal)
        {
            string id = principal.IdIn(request);
            // A program that signs in has no name.
            string name = Requester.Check(ClientPrincipal.NameHeader, request.Headers[ClientPrincipal.NameHeader].ToString()) ?? id;
            return new Caller(principal.RolesBy(rules.Options), $"'{name}', who is signed in,", id, name);
        }
        return IdentifyKey(request, rules) with { MayNameThemselves = !rules.Options.EasyAuth };
    }

    /// <summary>Looks for the key where the host does: the header, else the query.</summary>
    private static Caller IdentifyKey(HttpRequest request, Rules rules)
    {
        string header = request.Headers["x-functions-key"].ToString();
        string key = header.Length > 0 ? header : request.Query["code"].ToString();
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        Caller caller = new(rules.Others, key.Length > 0 ? "a key that is not listed (Access:Keys)" : "a call without a key");
        foreach ((string name, byte[] listed, AccessRoles roles) in rules.Keys)
        {
            // Each is compared, so that the time taken tells nothing.
            if (CryptographicOperations.FixedTimeEquals(hash, listed))
            {
                caller = new Caller(roles, $"the key '{name}'", $"key:{name}");
            }
        }
        return caller;
    }

    private sealed record Rules(AccessOptions Options, (string Name, byte[] Hash, AccessRoles Roles)[] Keys, AccessRoles Others)
    {
        public static Rules Of(AccessOptions options) =>
            new(
                options,
                [.. options.Keys.Select(key => (key.Key, key.Value.ReadHash()!, RoleNames.Parse(key.Value.Roles)))],
                RoleNames.Parse(options.OtherKeys)
            );
    }
}
