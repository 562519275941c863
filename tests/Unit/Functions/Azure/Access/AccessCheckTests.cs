using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Http;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Access;

public sealed class AccessCheckTests
{
    private const string Others = "a key that is not listed (Access:Keys)";

    private static readonly AccessOptions Options = new()
    {
        Keys = { ["reader"] = Listed("r3ad", "read"), ["ci"] = Listed("c1", "Read, publish") },
        OtherKeys = "",
    };

    [Theory]
    [InlineData("r3ad", "ListModels", null)]
    [InlineData("r3ad", "Predict", "Predict needs the role predict; the key 'reader' has read.")]
    [InlineData("c1", "StartPromotion", null)]
    [InlineData("c1", "DecidePromotion", "DecidePromotion needs the role approve; the key 'ci' has read, publish.")]
    [InlineData("R3AD", "ListModels", $"ListModels needs the role read; {Others} has no role.")]
    [InlineData("", "ListModels", "ListModels needs the role read; a call without a key has no role.")]
    [InlineData("", "Health", null)]
    public void Admit_GoesByTheKey_InHeaderAndQuery(string key, string function, string? problem)
    {
        AccessCheck access = new(Options);

        foreach (HttpRequest request in new[] { Request(key), Request("", key) })
        {
            Assert.Equal(problem, ProblemOf(() => access.Admit(request, function), 403));
        }
    }

    [Fact]
    public void Admit_AsTheHostDoes_TakesTheHeaderBeforeTheQuery() =>
        Assert.Null(ProblemOf(() => new AccessCheck(Options).Admit(Request("r3ad", "other"), "ListModels"), 403));

    [Fact]
    public void Admit_GoesByTheFile_AsItIsNow()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, Roles("read"));
        AccessCheck access = new(new AccessOptions { File = file, OtherKeys = "" });

        bool[] before = [Admits(access, "ListModels"), Admits(access, "Predict")];
        File.WriteAllText(file, Roles("predict"));
        bool[] after = [Admits(access, "ListModels"), Admits(access, "Predict")];
        File.WriteAllText(file, Roles("no such role"));
        bool[] wrong = [Admits(access, "ListModels"), Admits(access, "Predict")];
        File.WriteAllText(file, """{"keys":{}}""");
        bool[] gone = [Admits(access, "ListModels"), Admits(access, "Predict")];

        File.Delete(file);
        Assert.Equal([true, false], before);
        Assert.Equal([false, true], after);
        Assert.Equal(after, wrong);
        Assert.Equal([false, false], gone);

        static string Roles(string roles) => JsonSerializer.Serialize(new { keys = new { one = new { sha256 = Hash("any"), roles } } });
    }

    [Theory, MemberData(nameof(Routes))]
    public void Admit_WhereNothingIsSet_LetsEveryKeyDoEverything(string function) =>
        new AccessCheck(new AccessOptions()).Admit(Request("any"), function);

    [Fact]
    public void Admit_OfAFunctionWithoutARole_IsAFaultOfOurs() =>
        Assert.Throws<InvalidOperationException>(() => new AccessCheck(new AccessOptions()).Admit(Request("any"), "Nowhere"));

    [Theory]
    [InlineData(null, "read", "ShowModel", null)]
    [InlineData("ana", "read", "ShowModel", null)]
    [InlineData("ana", "Approve", "DecidePromotion", null)]
    [InlineData("ana", "auditor", "ShowModel", "ShowModel needs the role read; 'ana', who is signed in, has no role.")]
    [InlineData("ana", "read,operate", "Reconcile", null)]
    [InlineData(null, "read", "Reconcile", "Reconcile needs the role operate; 'identity:aad:7', who is signed in, has read.")]
    public void Admit_OfWhoIsSignedIn_GoesByTheIdentityAndNotTheKey(string? name, string role, string function, string? problem)
    {
        HttpRequest request = Request("r3ad");
        new SignedIn(name, "7", role).AddTo(request);

        Assert.Equal(problem, ProblemOf(() => new AccessCheck(Signing()).Admit(request, function), 403));
        if (problem is null)
        {
            Assert.Equal(("identity:aad:7", name ?? "identity:aad:7"), (Caller.Of(request).Id, request.ReadRequester()));
        }
    }

    [Theory]
    [InlineData("groups", "11-22", null)]
    [InlineData("roles", "11-22", null)]
    [InlineData("groups", "publish", "has no role")] // a group may be named like a role by chance
    [InlineData("given_name", "11-22", "has no role")] // what people are called they choose themselves
    [InlineData("given_name", "publish", "has no role")]
    public void Admit_OfAClaim_CountsRolesAndListedGroups(string type, string value, string? problem)
    {
        AccessOptions options = Signing();
        options.Claims["editors"] = new ListedClaim { Value = "11-22", Roles = "read,publish" };
        HttpRequest request = Request("r3ad");
        (new SignedIn("ana", "7") with { Others = [(type, value)] }).AddTo(request);

        string? found = ProblemOf(() => new AccessCheck(options).Admit(request, "StartPromotion"), 403);

        Assert.Equal(problem is null, found is null);
        Assert.Contains(problem ?? "", found ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Admit_OfAPrincipal_WhereNoSignInStandsBefore_GoesByTheKey()
    {
        HttpRequest request = Request("r3ad");
        new SignedIn("ana", "7", "operate").AddTo(request);

        Assert.Equal(
            "Reconcile needs the role operate; the key 'reader' has read.",
            ProblemOf(() => new AccessCheck(Options).Admit(request, "Reconcile"), 403)
        );
    }

    [Fact]
    public void Admit_OfAKeyAlone_WhereASignInStandsBefore_LetsNobodyNameThemselves()
    {
        HttpRequest request = Request("c1");
        request.Headers[Requester.Header] = "ana";

        new AccessCheck(Signing()).Admit(request, "StartPromotion");

        Assert.StartsWith("Nobody is signed in", ProblemOf(() => request.ReadRequester(), 401), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("!!", 400, "The header X-MS-CLIENT-PRINCIPAL is no base64.")]
    [InlineData("bnVsbA==", 400, "The header X-MS-CLIENT-PRINCIPAL holds null; expected is a principal with its claims.")] // null
    [InlineData("eyJjbGFpbXMiOjd9", 400, "The header X-MS-CLIENT-PRINCIPAL holds no principal in JSON: $.claims, byte 11.")] // {"claims":7}
    [InlineData("e30=", 401, "Nobody is signed in: the header X-MS-CLIENT-PRINCIPAL has no claim with the id of an object")] // {}
    [InlineData("eyJjbGFpbXMiOltudWxsLHt9XX0=", 401, "Nobody is signed in")] // {"claims":[null,{}]}
    public void Admit_OfAPrincipalThatIsNone_SaysWhy(string principal, int status, string problem)
    {
        HttpRequest request = Request("r3ad");
        request.Headers["X-MS-CLIENT-PRINCIPAL"] = principal;

        Assert.StartsWith(problem, ProblemOf(() => new AccessCheck(Signing()).Admit(request, "ListModels"), status));
    }

    [Fact]
    public void Admit_OfAPrincipalTooLongForAHeader_SaysWhatIsAllowed()
    {
        HttpRequest request = Request("r3ad");
        request.Headers["X-MS-CLIENT-PRINCIPAL"] = new string('A', ClientPrincipal.MaxCharacters + 1);

        Assert.Equal(
            "The header X-MS-CLIENT-PRINCIPAL has 24,577 characters; allowed are 24,576.",
            ProblemOf(() => new AccessCheck(Signing()).Admit(request, "ListModels"), 400)
        );
    }

    [Fact]
    public void Options_AreReadFromSettings()
    {
        AccessOptions options = Read(
            ("Keys:ci:Sha256", Hash("c1").ToLowerInvariant()),
            ("Keys:ci:Roles", "publish"),
            ("Claims:editors:Value", "11-22"),
            ("Claims:editors:Roles", "read"),
            ("EasyAuth", "true"),
            ("OtherKeys", "")
        );

        Assert.Empty(OptionsCheck.Find(("Access", options)));
        Assert.Equal(
            ("publish", "read", true, ""),
            (options.Keys["ci"].Roles, options.Claims["editors"].Roles, options.EasyAuth, options.OtherKeys)
        );
    }

    [Fact]
    public void Options_ThatAreWrong_AreAllNamed_AndNoSecretIsRepeated()
    {
        AccessOptions options = Read(
            ("Keys:a:Sha256", "the key itself"),
            ("Keys:b:Sha256", Hash("c1")),
            ("Keys:c:Sha256", Hash("c1").ToLowerInvariant()),
            ("Keys:c:Roles", "reed"),
            ("Claims:editors:Roles", "all"),
            ("OtherKeys", "read;predict"),
            ("TestSigningKey", "c2hvcnQ=")
        );

        string allowed = "allowed are read, predict, upload, publish, approve, operate.";
        Assert.Equal(
            [
                "Access:Keys:a:Sha256 has 14 characters; it must be the 64 hexadecimal digits of a hash.",
                "Access:Keys:b and Keys:c have the same hash; each must be of a key of its own.",
                $"Access:Keys:c:Roles names 'reed'; {allowed}",
                $"Access:Claims:editors:Roles names 'all'; {allowed}",
                $"Access:OtherKeys names 'read;predict'; {allowed}",
                "Access:TestSigningKey must be the base64 of at least 24 bytes.",
            ],
            OptionsCheck.Find(("Access", options))
        );
    }

    public static TheoryData<string> Routes() => [.. RouteRoles.Functions];

    internal static bool Admits(AccessCheck access, string function) =>
        ProblemOf(() => access.Admit(Request("any"), function), 403) is null;

    internal static ListedKey Listed(string key, string roles) => new() { Sha256 = Hash(key), Roles = roles };

    private static AccessOptions Signing() =>
        new()
        {
            Keys = Options.Keys,
            OtherKeys = "",
            EasyAuth = true,
        };

    private static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static AccessOptions Read(params (string Key, string Value)[] settings)
    {
        AccessOptions options = new();
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build()
            .Bind(options);
        return options;
    }

    private static HttpRequest Request(string header, string query = "")
    {
        DefaultHttpContext http = new();
        http.Request.Headers["x-functions-key"] = header;
        http.Request.QueryString = QueryString.Create("code", query);
        return http.Request;
    }

    private static string? ProblemOf(Action act, int status)
    {
        try
        {
            act();
            return null;
        }
        catch (RequestProblem problem)
        {
            Assert.Equal(status, problem.Status);
            return problem.Message;
        }
    }
}
